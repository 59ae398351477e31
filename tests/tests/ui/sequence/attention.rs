//! Queries, keys and values go together.

use constgrad::prelude::*;

network! {
    struct Widths(q: [4, 8], k: [6, 7], v: [6, 3]) -> [4, 3] {
        attention(q, k, v)
    }
}

network! {
    struct Counts(q: [4, 8], k: [6, 8], v: [3, 6]) -> [4, 6] {
        attention(q, k, v)
    }
}

network! {
    struct Causal(q: [4, 8], k: [6, 8], v: [6, 3]) -> [4, 3] {
        attention(q, k, v, causal = true)
    }
}

network! {
    struct Vectors(q: [8], k: [6, 8], v: [6, 3]) -> [1, 3] {
        attention(q, k, v)
    }
}

network! {
    struct Two(q: [4, 8], k: [6, 8]) -> [4, 8] {
        attention(q, k)
    }
}

fn main() {}
