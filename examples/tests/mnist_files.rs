//! The committed files are MNIST, whole and unchanged, and the reader reads them right.

use constgrad::idx::{Dataset, Idx};

type Digits = Dataset<784, 10>;

fn images_of_each_digit(set: &Digits) -> [usize; 10] {
    let mut counts = [0; 10];
    for &label in set.labels() {
        counts[usize::from(label)] += 1;
    }
    counts
}

/// The mean of all pixels, between 0 and 1: 0.1307 is the number that everybody normalises MNIST with.
fn mean(set: &Digits) -> f64 {
    let sum: u64 = set.images().as_flattened().iter().map(|&pixel| u64::from(pixel)).sum();
    #[expect(clippy::cast_precision_loss, reason = "both are below 2^52")]
    let mean = sum as f64 / set.images().as_flattened().len() as f64;
    mean / 255.0
}

#[test]
fn the_committed_files_are_mnist() {
    let mnist = Idx::open(concat!(env!("CARGO_MANIFEST_DIR"), "/data/mnist")).unwrap();
    assert_eq!(images_of_each_digit(&mnist.train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    assert_eq!(images_of_each_digit(&mnist.test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    assert_eq!(mnist.train.labels()[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert_eq!(mnist.test.labels()[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    assert!((mean(&mnist.train) - 0.1307).abs() < 5e-5);
    assert!((mean(&mnist.test) - 0.1325).abs() < 5e-5);
}
