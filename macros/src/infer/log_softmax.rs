//! `softmax().ln()`, which is computed as one layer: a share that is too small for a scalar has no logarithm, but is one of a
//! softmax that has.

use super::Inference;
use crate::catalogue::{LN, LOG_SOFTMAX, SOFTMAX};
use crate::graph::{Node, Op};
use crate::resolve::{Call, ValueOp};

impl<'a> Inference<'a, '_> {
    /// The node of a call: of a softmax that only logarithms read, the logarithm, and for these nothing is left to be done;
    /// of any other logarithm of a softmax, one by itself.
    pub(super) fn layer_or_log_softmax(&mut self, index: usize, call: &Call<'_>) -> Option<Node> {
        let node = self.layer(index, call)?;
        if self.is_for_logarithm_alone(index) {
            return self.log_softmax(index, call);
        }
        let Some(softmax) = self.softmax_before(index) else { return Some(node) };
        if self.is_for_logarithm_alone(call.input.value) {
            return Some(Node { op: Op::Reshape { value: self.edge(&call.input, false) }, ..node });
        }
        self.log_softmax(index, softmax)
    }

    /// The logarithm of what `softmax` makes.
    fn log_softmax(&mut self, index: usize, softmax: &Call<'_>) -> Option<Node> {
        let mut call = softmax.clone();
        call.spec = &LOG_SOFTMAX;
        self.layer(index, &call)
    }

    /// The softmax that a value is the logarithm of.
    fn softmax_before(&self, index: usize) -> Option<&'a Call<'a>> {
        let values = self.values;
        let ValueOp::Layer(logarithm) = &values[index].op else { return None };
        match &values[logarithm.input.value].op {
            ValueOp::Layer(softmax) if logarithm.spec.name == LN && softmax.spec.name == SOFTMAX => Some(softmax),
            _ => None,
        }
    }

    /// Whether a value is a softmax of which only the logarithm is read.
    fn is_for_logarithm_alone(&self, index: usize) -> bool {
        let reads = |reader: &usize| self.values[*reader].op.operands().iter().any(|operand| operand.value == index);
        let mut readers = (index..self.values.len()).filter(reads).peekable();
        self.output != Some(index)
            && readers.peek().is_some()
            && readers.all(|reader| self.softmax_before(reader).is_some())
    }
}
