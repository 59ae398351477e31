//! `softmax().ln()`, which is computed as one layer.

use super::Inference;
use crate::catalogue::{LN, LOG_SOFTMAX, SOFTMAX};
use crate::graph::{Node, Op};
use crate::resolve::{Call, Operand, Value, ValueOp};

impl Inference<'_, '_> {
    /// The node of a layer; for a softmax that is there for its logarithm alone, that logarithm.
    pub(super) fn layer_or_log_softmax(&mut self, index: usize, call: &Call<'_>) -> Option<Node> {
        let node = self.layer(index, call)?;
        if self.is_read_by_logarithm_alone(index) {
            return self.layer(index, &Call { spec: &LOG_SOFTMAX, ..call.clone() });
        }
        let Some(softmax) = self.softmax_before(index) else { return Some(node) };
        if self.is_read_by_logarithm_alone(call.input.value) {
            let Node { name, shape, remark, .. } = node;
            return Some(Node { name, op: Op::Reshape { value: self.edge(&call.input, false) }, shape, remark });
        }
        self.layer(index, &Call { spec: &LOG_SOFTMAX, input: softmax.input.clone(), ..call.clone() })
    }

    /// The softmax that a value is the logarithm of.
    fn softmax_before(&self, index: usize) -> Option<&Call<'_>> {
        let ValueOp::Layer(logarithm) = &self.values[index].op else { return None };
        match &self.values[logarithm.input.value].op {
            ValueOp::Layer(softmax) if logarithm.spec.name == LN && softmax.spec.name == SOFTMAX => Some(softmax),
            _ => None,
        }
    }

    fn is_read_by_logarithm_alone(&self, index: usize) -> bool {
        let reads = |value: &Value<'_>| value.op.operands().iter().filter(|operand| operand.value == index).count();
        let uses: usize = self.values.iter().map(reads).sum();
        let logarithms = (index + 1..self.values.len()).filter(|&reader| self.is_logarithm_of(reader, index)).count();
        uses == 1 && logarithms == 1 && self.output.is_none_or(|output: &Operand| output.value != index)
    }
}
