//! What the command line asks for.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use harness::Request;
use lexopt::{Arg, Parser, ValueExt};

use crate::peer::{PEERS, Peer};
use crate::workloads::WORKLOADS;

/// What the program is to do.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    /// What the program calls itself for: one measured process.
    Measure(Request),
    Compare(Comparison),
    Products {
        rounds: usize,
    },
    Own {
        rounds: usize,
    },
}

/// The tables that are to be printed.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// Beside constgrad.
    pub peers: Vec<Peer>,
    pub workloads: Vec<&'static str>,
    pub threads: Vec<usize>,
    pub rounds: usize,
}

const USAGE: &str = "\
Measures constgrad, in microseconds a step, on 1 and on 2 threads.

Usage: constgrad-benchmark [--peers [LIST]] [--workloads LIST] [--rounds N] [--threads LIST]
       constgrad-benchmark --products [--rounds N]
       constgrad-benchmark --own [--rounds N]

  --peers [LIST]    measure other libraries in the same run too: all that are installed, or some
  --workloads LIST  only some workloads
  --threads LIST    other numbers of threads
  --rounds N        how often everything is measured; 3 unless said otherwise
  --own             measure parts that a user wrote, beside the built-in ones that they are copies of
  --products        measure the products of matrices, in GFLOP/s on one thread, beside other libraries

A list is names or numbers with commas between them.
";

impl Command {
    pub(crate) fn parse() -> Result<Self> {
        Self::parse_from(Parser::from_env())
    }

    fn parse_from(mut arguments: Parser) -> Result<Self> {
        let (mut products, mut own) = (false, false);
        let workloads = WORKLOADS.map(|(name, _)| name).to_vec();
        let mut comparison = Comparison { peers: vec![], workloads, threads: vec![1, 2], rounds: 3 };
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("measure") => return measure(&mut arguments),
                Arg::Long("products") => products = true,
                Arg::Long("own") => own = true,
                Arg::Long("peers") => comparison.peers = peers(&mut arguments)?,
                Arg::Long("workloads") => comparison.workloads = workloads_of(&arguments.value()?.string()?)?,
                Arg::Long("threads") => comparison.threads = arguments.value()?.parse_with(numbers)?,
                Arg::Long("rounds") => comparison.rounds = arguments.value()?.parse()?,
                unexpected => return Err(unexpected.unexpected().into()),
            }
        }
        ensure!(comparison.rounds > 0, "nothing is measured in 0 rounds");
        let rounds = comparison.rounds;
        Ok(match (products, own) {
            (true, _) => Self::Products { rounds },
            (_, true) => Self::Own { rounds },
            _ => Self::Compare(comparison),
        })
    }
}

/// The usage, and what the names stand for.
pub(crate) fn help() -> String {
    let mut help = format!("{USAGE}\nWorkloads:\n");
    for (name, meaning) in WORKLOADS {
        writeln!(help, "  {name:<8}{meaning}").expect("a string takes everything");
    }
    let peers = PEERS.map(|peer| peer.name).join(", ");
    writeln!(help, "\nPeers: {peers}").expect("a string takes everything");
    help
}

fn measure(arguments: &mut Parser) -> Result<Command> {
    let arguments: Result<Vec<_>, _> = arguments.raw_args()?.map(ValueExt::string).collect();
    Ok(Command::Measure(Request::new(arguments?)))
}

/// All peers, unless some are named: `--peers`, `--peers torch,jax` or `--peers=torch,jax`.
fn peers(arguments: &mut Parser) -> Result<Vec<Peer>> {
    let named = arguments.optional_value();
    let named = named.or_else(|| arguments.try_raw_args()?.next_if(|next| !next.to_string_lossy().starts_with('-')));
    let Some(named) = named else { return Ok(PEERS.to_vec()) };
    let find = |name: &str| {
        PEERS.into_iter().find(|peer| peer.name == name).with_context(|| format!("there is no peer `{name}`"))
    };
    named.string()?.split(',').map(find).collect()
}

fn workloads_of(list: &str) -> Result<Vec<&'static str>> {
    let names = WORKLOADS.map(|(name, _)| name);
    let find = |name| names.into_iter().find(|&known| known == name);
    list.split(',').map(|name| find(name).with_context(|| format!("there is no workload `{name}`"))).collect()
}

fn numbers(list: &str) -> Result<Vec<usize>, std::num::ParseIntError> {
    list.split(',').map(str::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(arguments: &[&str]) -> Result<Comparison> {
        match Command::parse_from(Parser::from_args(arguments))? {
            Command::Compare(comparison) => Ok(comparison),
            other => panic!("{other:?}"),
        }
    }

    fn names(peers: &[Peer]) -> Vec<&str> {
        peers.iter().map(|peer| peer.name).collect()
    }

    #[test]
    fn without_arguments_only_constgrad_is_measured() {
        let comparison = comparison(&[]).unwrap();
        assert!(comparison.peers.is_empty());
        assert_eq!(comparison.threads, [1, 2]);
        assert_eq!(comparison.workloads.len(), WORKLOADS.len());
    }

    #[test]
    fn peers_are_all_or_those_named() {
        let all = comparison(&["--peers", "--rounds", "5"]).unwrap();
        assert_eq!((names(&all.peers).len(), all.rounds), (PEERS.len(), 5));
        for spelling in [&["--peers", "jax,burn"][..], &["--peers=jax,burn"]] {
            assert_eq!(names(&comparison(spelling).unwrap().peers), ["jax", "burn"]);
        }
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let some = comparison(&["--workloads", "W5,W1", "--threads", "4,1"]).unwrap();
        assert_eq!((some.workloads, some.threads), (vec!["W5", "W1"], vec![4, 1]));
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        for arguments in [["--peers", "caffe"], ["--workloads", "W9"], ["--threads", "one"], ["--rounds", "0"]] {
            assert!(comparison(&arguments).is_err(), "{arguments:?}");
        }
    }

    #[test]
    fn a_measured_process_takes_what_is_left() {
        let command = Command::parse_from(Parser::from_args(["--measure", "2", "W1", "W5"])).unwrap();
        let Command::Measure(request) = command else { panic!("{command:?}") };
        assert_eq!((request.threads, request.workloads), (2, vec!["W1".into(), "W5".into()]));
    }
}
