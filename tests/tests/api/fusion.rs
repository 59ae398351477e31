//! An activation that is computed together with the layer before gives the same as one that is computed by itself.

use constgrad::prelude::*;

use super::{random, rng, scalars};

/// `$fused` and `$apart` compute the same; a network inside another keeps its last value to itself.
macro_rules! compare {
    ($test:ident, $activation:ident) => {
        mod $test {
            use super::*;

            network! {
                #[loss(mean_squared_error)]
                struct Together(x: [7]) -> [3] { x.affine(19).$activation().affine(3) }
            }
            network! { struct Linear(x: [7]) -> [19] { x.affine(19) } }
            network! { struct Activation(x: [19]) -> [19] { x.$activation() } }
            network! {
                #[loss(mean_squared_error)]
                struct Apart(x: [7]) -> [3] { x.net::<Linear>().net::<Activation>().affine(3) }
            }

            #[test]
            fn alike() {
                let together = Together::<f64>::init(&mut rng(1));
                let mut apart = Apart::<f64>::zeros();
                for tensor in 0..Together::<f64>::TENSORS {
                    apart.tensor_mut(tensor).copy_from_slice(together.tensor(tensor));
                }
                for samples in [0, 1, 6, 40] {
                    let (x, target) = (random(samples, 2), random(samples, 3));
                    assert_eq!(together.predict(&x), apart.predict(&x));
                    let (loss, gradients, inputs) = together.input_gradient(&x, &target);
                    let expected = apart.input_gradient(&x, &target);
                    assert_eq!(loss.to_bits(), expected.0.to_bits());
                    assert_eq!(scalars(&gradients), scalars(&expected.1));
                    assert_eq!(inputs.x, expected.2.x);
                }
            }

            #[test]
            fn less_is_kept() {
                assert!(<Together>::CACHE < <Apart>::CACHE);
            }
        }
    };
}
compare!(with_relu, relu);
compare!(with_sigmoid, sigmoid);
compare!(with_tanh, tanh);
