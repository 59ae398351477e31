//! Images of digits, and how many of them a network recognises.

use constgrad::idx::Dataset;
use nalgebra::{Const, Dyn, MatrixView, OMatrix};

/// Images of 28 x 28 pixels in 10 classes.
pub type Digits = Dataset<784, 10>;

/// The share of right answers on a whole set, from that on a batch, which is scaled piece by piece: all of MNIST as `f32` would
/// take 188 MB.
pub fn accuracy(set: &Digits, of_batch: impl Fn(&MatrixView<'_, f32, Const<784>, Dyn>, &[u8]) -> f64) -> f64 {
    const PIECE: usize = 1000;
    let mut x = OMatrix::<f32, Const<784>, Dyn>::zeros(PIECE);
    let mut labels = [0; PIECE];
    let mut right = 0.0;
    for start in (0..set.len()).step_by(PIECE) {
        let len = PIECE.min(set.len() - start);
        set.gather(start..start + len, &mut x.columns_mut(0, len), &mut labels[..len]);
        right += (of_batch(&x.columns(0, len), &labels[..len]) * len as f64).round();
    }
    right / set.len() as f64
}
