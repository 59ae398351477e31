//! The products of affine layers, on one thread: `constgrad-benchmark-products 1 WORKLOAD...`.

mod libraries;
mod operands;
mod peak;

use std::hint::black_box;

use harness::{Aligned, Clock, Request};

use crate::libraries::{LIBRARIES, Multiply};
use crate::operands::Operands;

fn main() {
    let request = Request::from_env();
    request.answer("peak", |workload| (workload == "peak").then(peak::measure));
    for (name, multiply) in LIBRARIES {
        request.answer(name, |workload| measure(workload, multiply));
    }
}

fn measure(workload: &str, multiply: Multiply) -> Option<f64> {
    let operands = Operands::new(workload.parse().ok()?);
    let mut output = Aligned::zeros(operands.rows * operands.columns);
    let mut scratch = Aligned::zeros(operands.left.numbers.len().max(operands.right.numbers.len()));
    Some(Clock::PRODUCT.time(|| {
        multiply(black_box(&operands), &mut output, &mut scratch);
        black_box(&mut output);
    }))
}
