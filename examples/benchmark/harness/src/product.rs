use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// One of the products of an affine layer: as a workload, `forward:100x784x50`.
///
/// Samples are columns, each contiguous; the weights of one output are contiguous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// Which of the three.
    pub kind: Kind,
    /// The size of the batch.
    pub samples: usize,
    /// The size of an input sample.
    pub inputs: usize,
    /// The size of an output sample.
    pub outputs: usize,
}

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The output, `weightᵀ · input`.
    Forward,
    /// The gradient of the weight, `input · d_outputᵀ`.
    Weight,
    /// The gradient of the input, `weight · d_output`.
    Input,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Forward, Self::Weight, Self::Input];

    fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Weight => "d_weight",
            Self::Input => "d_input",
        }
    }
}

impl Product {
    /// The number of its floating-point operations.
    #[must_use]
    pub fn operations(self) -> f64 {
        2.0 * (self.samples * self.inputs * self.outputs) as f64
    }
}

impl Display for Product {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { kind, samples, inputs, outputs } = self;
        write!(f, "{}:{samples}x{inputs}x{outputs}", kind.name())
    }
}

/// Something is not the name of a product.
#[derive(Clone, Copy, Debug)]
pub struct NoProduct;

impl FromStr for Product {
    type Err = NoProduct;

    fn from_str(name: &str) -> Result<Self, NoProduct> {
        let (kind, sizes) = name.split_once(':').ok_or(NoProduct)?;
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind).ok_or(NoProduct)?;
        let sizes: Result<Vec<_>, _> = sizes.split('x').map(str::parse).collect();
        match sizes.as_deref() {
            Ok(&[samples, inputs, outputs]) => Ok(Self { kind, samples, inputs, outputs }),
            _ => Err(NoProduct),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_product_is_read_back() {
        for kind in Kind::ALL {
            let product = Product { kind, samples: 100, inputs: 784, outputs: 50 };
            assert_eq!(product.to_string().parse::<Product>().ok(), Some(product));
        }
        assert!("forward:100x784".parse::<Product>().is_err() && "W1".parse::<Product>().is_err());
    }
}
