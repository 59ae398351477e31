//! What was measured, and the table of it.

use crate::markdown::{header, row};
use crate::program::{CONSTGRAD, Measurement};

/// The measurements of each round.
///
/// Of several measurements of the same in a round the best counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Results {
    pub rounds: Vec<Vec<Measurement>>,
}

impl Results {
    /// A Markdown table: a row a library, a column a workload.
    pub(crate) fn table(&self, workloads: &[&str], threads: usize) -> String {
        let plural = if threads == 1 { "" } else { "s" };
        let mut rows = vec![header(&format!("µs a step, {threads} thread{plural}"), workloads)];
        let peers = self.peers();
        for peer in &peers {
            rows.push(row(peer, workloads, |workload| Some(micros(self.median(peer, workload, threads)?))));
        }
        if peers.iter().any(|&peer| peer != CONSTGRAD) {
            rows.push(row("constgrad / best peer", workloads, |workload| {
                Some(format!("{:.2}", self.ratio(workload, threads)?))
            }));
        }
        rows.join("\n")
    }

    /// The names of all that was measured, in order of appearance.
    pub(crate) fn peers(&self) -> Vec<&str> {
        let mut peers: Vec<&str> = vec![];
        for Measurement { peer, .. } in self.rounds.iter().flatten() {
            if !peers.contains(&peer.as_str()) {
                peers.push(peer);
            }
        }
        peers
    }

    /// The median over the rounds, in microseconds.
    pub(crate) fn median(&self, peer: &str, workload: &str, threads: usize) -> Option<f64> {
        median(self.rounds.iter().filter_map(|round| best(round, workload, threads, |other| other == peer)))
    }

    /// The median over the rounds of our time divided by that of the best peer in the same round.
    fn ratio(&self, workload: &str, threads: usize) -> Option<f64> {
        median(self.rounds.iter().filter_map(|round| {
            let ours = best(round, workload, threads, |peer| peer == CONSTGRAD)?;
            Some(ours / best(round, workload, threads, |peer| peer != CONSTGRAD)?)
        }))
    }
}

/// The shortest time of those peers that are `wanted`.
fn best(round: &[Measurement], workload: &str, threads: usize, wanted: impl Fn(&str) -> bool) -> Option<f64> {
    let same = round.iter().filter(|found| found.workload == workload && found.threads == threads);
    same.filter(|found| wanted(&found.peer)).map(|found| found.us).min_by(f64::total_cmp)
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(f64::midpoint(lower, upper))
}

/// Three digits or more.
fn micros(us: f64) -> String {
    match us {
        ..10.0 => format!("{us:.2}"),
        ..100.0 => format!("{us:.1}"),
        _ => format!("{us:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounds of measurements of `W1` on one thread.
    fn results(rounds: &[&[(&str, f64)]]) -> Results {
        let measurement =
            |&(peer, us): &(&str, f64)| Measurement { peer: peer.into(), workload: "W1".into(), threads: 1, us };
        Results { rounds: rounds.iter().map(|round| round.iter().map(measurement).collect()).collect() }
    }

    #[test]
    fn the_table_has_a_row_a_library_and_the_ratio() {
        let mut results = results(&[&[("constgrad", 150.0), ("torch", 500.0), ("jax", 300.0)]]);
        results.rounds[0][1].threads = 2;
        let table = "\
            | µs a step, 1 thread | W1 | W2 |\n\
            |---|---:|---:|\n\
            | constgrad | 150 | – |\n\
            | torch | – | – |\n\
            | jax | 300 | – |\n\
            | constgrad / best peer | 0.50 | – |";
        assert_eq!(results.table(&["W1", "W2"], 1), table);
    }

    #[test]
    fn alone_there_is_no_ratio() {
        let table = results(&[&[("constgrad", 9.876)]]).table(&["W1"], 1);
        assert_eq!(table, "| µs a step, 1 thread | W1 |\n|---|---:|\n| constgrad | 9.88 |");
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // The best peer changes, and the second round was slow for all.
        let rounds: [&[_]; 3] = [
            &[("constgrad", 100.0), ("torch", 200.0), ("jax", 400.0)],
            &[("constgrad", 900.0), ("torch", 9000.0), ("jax", 3000.0)],
            &[("constgrad", 100.0), ("torch", 125.0)],
        ];
        assert_eq!(results(&rounds).ratio("W1", 1), Some(0.5));
    }

    #[test]
    fn the_median_is_over_rounds_that_measured() {
        let rounds: [&[_]; 3] = [&[("torch", 3.0)], &[], &[("torch", 1.0)]];
        assert_eq!(results(&rounds).median("torch", "W1", 1), Some(2.0));
    }

    #[test]
    fn of_two_measurements_in_a_round_the_better_counts() {
        assert_eq!(results(&[&[("candle", 24.0), ("candle", 9.0)]]).median("candle", "W1", 1), Some(9.0));
    }
}
