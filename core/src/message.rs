//! Text with numbers in it, formatted by constants: for errors about shapes that only the compiler can compute.

const CAPACITY: usize = 4096;

/// A text that a constant builds; what does not fit is cut.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    bytes: [u8; CAPACITY],
    len: usize,
}

#[expect(clippy::new_without_default, reason = "only constants build messages")]
impl Message {
    /// No text.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; CAPACITY], len: 0 }
    }

    /// Adds a text.
    #[must_use]
    pub const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        // A text that does not fit is left out whole, so that no character is cut in two.
        if self.len + text.len() <= CAPACITY {
            let mut index = 0;
            while index < text.len() {
                self.bytes[self.len] = text[index];
                self.len += 1;
                index += 1;
            }
        }
        self
    }

    /// Adds a shape, such as `[1, 28, 28]`.
    #[must_use]
    pub const fn dims(mut self, dims: &[usize]) -> Self {
        let mut index = 0;
        while index < dims.len() {
            self = self.text(if index == 0 { "[" } else { ", " }).number(dims[index]);
            index += 1;
        }
        self.text("]")
    }

    /// Adds a number.
    #[must_use]
    pub const fn number(self, number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let shorter = if number < 10 { self } else { self.number(number / 10) };
        shorter.text(DIGITS[number % 10])
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

/// The greatest size: whatever is computed from two of them does not overflow.
pub const MOST: usize = u32::MAX as usize;

/// Whether a mean can be weighted with these: none of them is negative, infinite or no number, and one is more than 0.
#[must_use]
pub const fn are_weights(weights: &[f64]) -> bool {
    let (mut index, mut sum) = (0, 0.0);
    while index < weights.len() {
        if !(weights[index] >= 0.0 && weights[index].is_finite()) {
            return false;
        }
        sum += weights[index];
        index += 1;
    }
    sum > 0.0 || weights.is_empty()
}

/// Whether two shapes are the same.
#[must_use]
pub const fn same_dims(left: &[usize], right: &[usize]) -> bool {
    let mut same = left.len() == right.len();
    let mut index = 0;
    while same && index < left.len() {
        same = left[index] == right[index];
        index += 1;
    }
    same
}

/// Dimension `index` of a shape; 1 where it has none, which an error about its rank reports.
#[must_use]
pub const fn dim(dims: &[usize], index: usize) -> usize {
    if index < dims.len() { dims[index] } else { 1 }
}

/// How many places a window has in `size`, moved by `stride`; 1 where it does not fit, which an error reports.
#[must_use]
pub const fn places(size: usize, window: usize, stride: usize) -> usize {
    size.saturating_sub(window) / stride + 1
}

/// What is left of `size` without its padding on each side; 1 where nothing is, which an error reports.
#[must_use]
pub const fn without_padding(size: usize, padding: usize) -> usize {
    match size.saturating_sub(2 * padding) {
        0 => 1,
        left => left,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_in_constants() {
        const MESSAGE: Message = Message::new().text("found ").dims(&[1, 280, 7]).text(", expected ").dims(&[0]);
        assert_eq!(MESSAGE.as_str(), "found [1, 280, 7], expected [0]");
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let long = "x".repeat(CAPACITY - 1);
        assert_eq!(Message::new().text(&long).text("ab").as_str(), long);
        assert_eq!(Message::new().text(&long).text("a").as_str().len(), CAPACITY);
    }

    #[test]
    fn shapes_of_other_rank_or_size_differ() {
        assert!(same_dims(&[1, 2], &[1, 2]));
        assert!(!same_dims(&[1, 2], &[1, 3]));
        assert!(!same_dims(&[1, 2], &[1, 2, 1]));
    }
}
