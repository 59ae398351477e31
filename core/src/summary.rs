//! A network as a table.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};
use core::fmt;

use crate::{LayerInfo, Network, Port};

/// What a network is made of, as a table: its inputs and layers, the shapes that they give, parameters and multiply-adds
/// a sample.
///
/// ```
/// # use constgrad::prelude::*;
/// network! {
///     pub struct Classifier(x: [784]) -> [10] {
///         x.affine(50).relu().affine(10)
///     }
/// }
///
/// assert_eq!(Classifier::summary().to_string(), "\
/// name     kind    output  parameters  multiply-adds
/// x        input   [784]
/// affine1  affine  [50]        39,250         39,200
/// relu1    relu    [50]             0              0
/// affine2  affine  [10]           510            500
/// total                        39,760         39,700");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    inputs: &'static [Port],
    layers: &'static [LayerInfo],
    parameters: usize,
    multiply_adds: usize,
}

/// The cells of a line.
type Row = [String; 5];

impl Summary {
    /// Of `N`; a declared network has a function `summary` that calls this.
    #[must_use]
    pub const fn new<N: Network>() -> Self {
        Self { inputs: N::INPUTS, layers: N::LAYERS, parameters: N::COUNT, multiply_adds: N::MULTIPLY_ADDS }
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows = vec![["name", "kind", "output", "parameters", "multiply-adds"].map(str::to_string)];
        rows.extend(self.inputs.iter().map(|input| {
            let [name, kind] = [input.name, "input"].map(str::to_string);
            let shape = format!("{:?}", input.dims);
            let shape = if input.indices.is_some() { shape.replace('[', "[usize; ") } else { shape };
            [name, kind, shape, String::new(), String::new()]
        }));
        rows.extend(self.layers.iter().map(|layer| {
            let [name, kind] = [layer.name, layer.kind].map(str::to_string);
            let [parameters, multiply_adds] = [layer.parameters, layer.multiply_adds].map(thousands);
            [name, kind, format!("{:?}", layer.dims), parameters, multiply_adds]
        }));
        let [parameters, multiply_adds] = [self.parameters, self.multiply_adds].map(thousands);
        rows.push(["total".to_string(), String::new(), String::new(), parameters, multiply_adds]);
        rows
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; 5] = core::array::from_fn(width);
        for (index, [name, kind, output, parameters, multiply_adds]) in rows.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let [w0, w1, w2, w3, w4] = widths;
            let line = format!("{name:<w0$}  {kind:<w1$}  {output:<w2$}  {parameters:>w3$}  {multiply_adds:>w4$}");
            f.write_str(line.trim_end())?;
        }
        Ok(())
    }
}

/// `1234567` as `1,234,567`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_separated() {
        let numbers = [0, 12, 123, 1234, 123_456, 1_234_567];
        assert_eq!(numbers.map(thousands), ["0", "12", "123", "1,234", "123,456", "1,234,567"]);
    }
}
