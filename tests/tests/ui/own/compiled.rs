use constgrad::compiled;

#[derive(Clone, Copy, PartialEq)]
pub struct Other;

#[compiled]
impl Eq for Other {}

#[compiled]
impl Other {}

#[compiled]
pub struct NoImplementation;

#[compiled(f32)]
impl constgrad::activation::Activation for Other {
    fn value<S: constgrad::Simd, T: constgrad::Real>(&self, x: constgrad::Vector<S, T>) -> constgrad::Vector<S, T> {
        x
    }
}

fn main() {}
