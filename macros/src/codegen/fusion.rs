//! Activations and the layers before them, which may be computed together.
//!
//! The two share the gradient of the activation's output, which becomes that of the layer's in its place; and where the
//! runtime computes them together, they share one value too.

use crate::graph::{Graph, Layer, Op};

impl Graph {
    /// The activation of what the layer `index` computes, where nothing else reads that.
    pub(super) fn activation_of(&self, index: usize) -> Option<usize> {
        let is_layer = matches!(&self.nodes[index].op, Op::Layer(layer) if layer.activation.is_none());
        let is_alone = is_layer && self.uses(index) == 1;
        (0..self.nodes.len()).find(|&reader| is_alone && self.layer_before(reader) == Some(index))
    }

    /// The layer whose output is read by the activation `index` alone.
    pub(super) fn computed_with(&self, index: usize) -> Option<(usize, &Layer)> {
        let before = self.layer_before(index)?;
        let Op::Layer(layer) = &self.nodes[before].op else { return None };
        (self.activation_of(before) == Some(index)).then_some((before, layer))
    }

    /// What an activation directly follows. The last value of a network lies where its gradient cannot be changed, so it is
    /// computed by itself.
    fn layer_before(&self, activation: usize) -> Option<usize> {
        match &self.nodes[activation].op {
            Op::Layer(layer) if layer.activation.is_some() && activation != self.last() => {
                (!layer.input.asserted).then_some(layer.input.node)
            }
            _ => None,
        }
    }
}
