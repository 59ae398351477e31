//! Measures programs in rotation.

use crate::program::Program;
use crate::results::Results;

/// Measures all programs in each round, each round beginning with another one.
pub(crate) fn measure(
    mut programs: Vec<Program>,
    workloads: &[impl AsRef<str>],
    threads: &[usize],
    rounds: usize,
) -> Results {
    let mut results = Results::default();
    for round in 1..=rounds {
        let mut measurements = vec![];
        for &threads in threads {
            for program in &programs {
                eprintln!("round {round} of {rounds}, threads: {threads}, {}", program.name);
                match program.measure(workloads, threads) {
                    Ok(found) => measurements.extend(found),
                    Err(error) => eprintln!("{} is left out: {error:#}", program.name),
                }
            }
        }
        results.rounds.push(measurements);
        programs.rotate_left(1);
    }
    results
}
