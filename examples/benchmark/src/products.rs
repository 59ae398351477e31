//! The products of affine layers: GFLOP/s of constgrad and of libraries for products, on one thread.

use harness::{Kind, Product};

use crate::markdown::{header, row};
use crate::program::Program;
use crate::results::Results;
use crate::rounds;

/// Batch, inputs and outputs of the layers of W1 and W2.
const LAYERS: [[usize; 3]; 5] = [[100, 784, 50], [100, 50, 10], [128, 784, 512], [128, 512, 256], [128, 256, 10]];

/// Layers for one sample.
const SINGLE: [[usize; 3]; 3] = [[1, 784, 50], [1, 64, 64], [1, 4, 64]];

/// The name of what the machine can do, and of its workload: a billion operations, as fused multiply-adds on registers.
const PEAK: &str = "peak";

/// Measures the products and makes a Markdown table of them.
pub(crate) fn compare(programs: Vec<Program>, rounds: usize) -> String {
    let products = products();
    let mut workloads: Vec<_> = products.iter().map(Product::to_string).collect();
    workloads.push(PEAK.into());
    let results = rounds::measure(programs, &workloads, &[1], rounds);
    table(&results, &products)
}

/// The rows of the table.
pub(crate) fn products() -> Vec<Product> {
    let product = |kind, [samples, inputs, outputs]: [usize; 3]| Product { kind, samples, inputs, outputs };
    let layers = LAYERS.into_iter().flat_map(|sizes| Kind::ALL.map(|kind| product(kind, sizes)));
    layers.chain(SINGLE.map(|sizes| product(Kind::Forward, sizes))).collect()
}

/// A row a product, a column a library; in brackets the share of the peak.
fn table(results: &Results, products: &[Product]) -> String {
    let peak = results.median(PEAK, PEAK, 1).map(|us| gflops(1e9, us));
    let peers: Vec<_> = results.peers().into_iter().filter(|&peer| peer != PEAK).collect();
    let mut lines = vec![header("GFLOP/s (share of the peak)", &peers)];
    lines.extend(products.iter().map(|product| {
        let workload = product.to_string();
        row(&workload, &peers, |peer| {
            Some(cell(gflops(product.operations(), results.median(peer, &workload, 1)?), peak))
        })
    }));
    if let Some(peak) = peak {
        lines.push(format!("\nThe peak, fused multiply-adds on registers: {peak:.1} GFLOP/s"));
    }
    lines.join("\n")
}

fn cell(gflops: f64, peak: Option<f64>) -> String {
    let share = peak.map(|peak| format!(" ({:.0} %)", 100.0 * gflops / peak));
    format!("{gflops:.1}{}", share.unwrap_or_default())
}

fn gflops(operations: f64, us: f64) -> f64 {
    operations / us / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Measurement;

    fn measurement(peer: &str, workload: &str, us: f64) -> Measurement {
        Measurement { peer: peer.into(), workload: workload.into(), threads: 1, us }
    }

    #[test]
    fn the_table_gives_shares_of_the_peak() {
        let measurements = vec![
            measurement("constgrad", "forward:1x64x64", 0.1024),
            measurement(PEAK, PEAK, 10_000.0),
            measurement("gemm", "d_input:9x9x9", 1.0),
        ];
        let products = [Product { kind: Kind::Forward, samples: 1, inputs: 64, outputs: 64 }];
        let expected = "\
            | GFLOP/s (share of the peak) | constgrad | gemm |\n\
            |---|---:|---:|\n\
            | forward:1x64x64 | 80.0 (80 %) | – |\n\n\
            The peak, fused multiply-adds on registers: 100.0 GFLOP/s";
        assert_eq!(table(&Results { rounds: vec![measurements] }, &products), expected);
    }
}
