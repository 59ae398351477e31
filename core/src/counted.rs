//! Numbers of things in messages.

use core::fmt;

/// So many of a thing: `1 sample`, `3 samples`, `2 classes`.
pub(crate) struct Counted(pub(crate) usize, pub(crate) &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, thing) = self;
        let ending = match count {
            1 => "",
            _ if thing.ends_with('s') => "es",
            _ => "s",
        };
        write!(f, "{count} {thing}{ending}")
    }
}
