//! Products of a matrix with samples, and sums over samples. Samples, and the weights of one output, are contiguous.

mod dots;
mod one_sample;
mod row_sum;
mod sums;

pub use dots::Dots;
pub use row_sum::RowSum;
pub use sums::{OuterSums, WeightedSums};

pub(crate) use dots::store_sums;

pub(crate) use one_sample::OneSample;
pub(crate) use sums::Sums;

use crate::work::{self, Dispatch as _};

runs!(Dots, work => if work.input.len() == work.inputs { work::run(OneSample(work)) } else { work::run(work) });
runs!(OuterSums, work => work::run(Sums::outer(work)));
runs!(WeightedSums, work => work::run(Sums::weighted(work)));
runs!(RowSum, work => work.narrow());
