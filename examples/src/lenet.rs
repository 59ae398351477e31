//! The convolutional network of LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998, as it is
//! built today: rectifiers and max pools.

use constgrad::network;

network! {
    /// Handwritten digits, from two convolutions.
    #[loss(softmax_cross_entropy)]
    pub struct LeNet(x: [1, 28, 28]) -> [10] {
        let c1: [6, 12, 12] = x.conv2d(6, kernel = 5).relu().max_pool2d(2);
        let c2: [16, 4, 4] = c1.conv2d(16, kernel = 5).relu().max_pool2d(2);
        c2.flatten().affine(120).relu().affine(84).relu().affine(10)
    }
}
