//! Convolutions without padding, each of which makes a value smaller than its input.

use super::{Border, Inference};
use crate::arguments::Written;
use crate::resolve::{Call, Operand, ValueOp};
use crate::rules::Argument;
use crate::shape::{Dim, Shape};

impl Inference<'_, '_> {
    /// What convolutions took of `smaller`, if that is why it is not as large as `larger`.
    pub(super) fn lost_border(&mut self, smaller: &Operand, larger: &Operand) -> Option<Border> {
        let (Shape::Dims(smaller_dims), Shape::Dims(larger_dims)) = (self.shape(smaller)?, self.shape(larger)?) else {
            return None;
        };
        let border = self.border(smaller.value)?;
        if smaller_dims.len() != larger_dims.len() || smaller_dims.len() != border.lost.len() + 1 {
            return None;
        }
        let missing = smaller_dims.iter().zip(&larger_dims).skip(1);
        let missing: Vec<usize> = missing
            .map(|(smaller, larger)| larger.literal()?.checked_sub(smaller.literal()?))
            .collect::<Option<_>>()?;
        let explained = missing.iter().zip(&border.lost).all(|(missing, lost)| missing <= lost);
        (explained && missing.iter().any(|&missing| missing > 0)).then_some(border)
    }

    fn border(&mut self, value: usize) -> Option<Border> {
        let values = self.values;
        let ValueOp::Layer(call) = &values[value].op else { return None };
        let before = self.border(call.input.value);
        let Some(padding) = self.missing_padding(call) else { return before };
        let mut lost: Vec<usize> = padding.iter().map(|padding| 2 * padding).collect();
        for (lost, before) in lost.iter_mut().zip(before.iter().flat_map(|before| &before.lost)) {
            *lost += before;
        }
        let padding = match padding[..] {
            [rows, columns] if rows != columns => format!("[{rows}, {columns}]"),
            _ => padding[0].to_string(),
        };
        Some(Border { call: call.written(), padded: call.written_with(&format!("padding = {padding}")), lost })
    }

    /// The padding with which a convolution would keep the size, if it has none.
    fn missing_padding(&mut self, call: &Call<'_>) -> Option<Vec<usize>> {
        if !matches!(call.spec.name, "conv1d" | "conv2d") || !matches!(call.arguments.options[2], Written::Nothing) {
            return None;
        }
        // None of them is as the sizes of the layer if not given.
        let options = self.options(call, None)?;
        let [Argument::Sizes(kernel), Argument::Sizes(stride), _, Argument::Sizes(dilation), ..] = &options[..] else {
            return None;
        };
        if stride.iter().any(|stride| stride.literal() != Some(1)) {
            return None;
        }
        let half = |(kernel, dilation): (&Dim, &Dim)| match (kernel.literal()?, dilation.literal()?) {
            (kernel, dilation) if kernel % 2 == 1 => (kernel / 2).checked_mul(dilation),
            _ => None,
        };
        let padding: Vec<usize> = kernel.iter().zip(dilation.iter()).map(half).collect::<Option<_>>()?;
        padding.iter().any(|&padding| padding > 0).then_some(padding)
    }
}
