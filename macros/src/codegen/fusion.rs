//! Activations that are computed together with the layer before, while its output is still in the cache.
//!
//! The two share one value: the output of the activation, from which its gradient follows. That of the layer is not kept.

use crate::catalogue::Fusion;
use crate::graph::{Graph, Layer, Op};

impl Graph {
    /// The activation that the layer `index` computes too.
    pub(super) fn activation_of(&self, index: usize) -> Option<usize> {
        let takes = self.has_fusion(index, Fusion::Takes) && self.uses(index) == 1;
        (0..self.nodes.len()).find(|&reader| takes && self.layer_before(reader) == Some(index))
    }

    /// The layer that computes the activation `index` too.
    pub(super) fn computed_with(&self, index: usize) -> Option<(usize, &Layer)> {
        let before = self.layer_before(index)?;
        let Op::Layer(layer) = &self.nodes[before].op else { return None };
        (self.activation_of(before) == Some(index)).then_some((before, layer))
    }

    /// What an activation that may be computed together with a layer directly follows. The last value of a network lies
    /// where its gradient cannot be changed, so it is computed by itself.
    fn layer_before(&self, activation: usize) -> Option<usize> {
        match &self.nodes[activation].op {
            Op::Layer(layer) if self.has_fusion(activation, Fusion::Enters) && activation != self.last() => {
                (!layer.input.asserted).then_some(layer.input.node)
            }
            _ => None,
        }
    }

    fn has_fusion(&self, index: usize, fusion: Fusion) -> bool {
        matches!(&self.nodes[index].op, Op::Layer(layer) if layer.fusion == fusion)
    }
}
