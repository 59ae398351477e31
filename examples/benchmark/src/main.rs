//! Measures constgrad, and other libraries beside it: `cargo run --release -p constgrad-benchmark -- --help`.

mod affine;
mod markdown;
mod measure;
mod options;
mod own;
mod peer;
mod products;
mod program;
mod results;
mod rounds;
mod workloads;

use anyhow::Result;

use options::{Command, Comparison};
use peer::Peer;
use program::Program;

fn main() -> Result<()> {
    match Command::parse()? {
        Command::Help => print!("{}", options::help()),
        Command::Measure(request) => request.answer(program::CONSTGRAD, measure::measure),
        Command::Compare(comparison) => compare(&comparison)?,
        Command::Own { rounds } => println!("{}", own::compare(rounds)),
        Command::Products { rounds } => println!("\n{}", products::compare(programs(&peer::PRODUCTS)?, rounds)),
    }
    Ok(())
}

/// Prints a table for each number of threads.
fn compare(comparison: &Comparison) -> Result<()> {
    let Comparison { peers, workloads, threads, rounds } = comparison;
    let results = rounds::measure(programs(peers)?, workloads, threads, *rounds);
    for &threads in threads {
        println!("\n{}", results.table(workloads, threads));
    }
    Ok(())
}

/// constgrad and the peers that are installed; names the others.
fn programs(peers: &[Peer]) -> Result<Vec<Program>> {
    let mut programs = vec![Program::constgrad()?];
    for peer in peers {
        match peer.programs() {
            Ok(found) => programs.extend(found),
            Err(reason) => println!("{} is not installed: {reason:#}", peer.name),
        }
    }
    Ok(programs)
}
