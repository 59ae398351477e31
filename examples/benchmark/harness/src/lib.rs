//! What every measured Rust program of the benchmark shares: how it is called, what it prints, its clock, its data.
//!
//! A measured program is called with the number of its threads and the names of workloads, and prints a line of JSON
//! for each of them that it knows.

mod aligned;
mod clock;
mod data;
mod product;

pub use aligned::Aligned;
pub use clock::Clock;
pub use data::{batches, numbers};
pub use product::{Kind, NoProduct, Product};

/// What a program is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The number of threads that it is to use.
    pub threads: usize,
    /// The names of the workloads.
    pub workloads: Vec<String>,
}

impl Request {
    /// Takes the arguments of a program, without its name.
    ///
    /// # Panics
    /// If the first is not a number.
    #[must_use]
    pub fn new(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut arguments = arguments.into_iter();
        let threads = arguments.next().and_then(|threads| threads.parse().ok());
        Self { threads: threads.expect("a number of threads, then names of workloads"), workloads: arguments.collect() }
    }

    /// The request that this program was called with.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(std::env::args().skip(1))
    }

    /// Prints the microseconds that `measure` gives for each workload: nothing for one that `peer` does not know.
    pub fn answer(&self, peer: &str, measure: impl Fn(&str) -> Option<f64>) {
        let Self { threads, workloads } = self;
        for workload in workloads {
            if let Some(us) = measure(workload) {
                println!(r#"{{"peer": "{peer}", "workload": "{workload}", "threads": {threads}, "us": {us:.4}}}"#);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_number_of_threads_and_workloads() {
        let request = Request::new(["2", "W1", "W5"].map(String::from));
        assert_eq!(request, Request { threads: 2, workloads: vec!["W1".into(), "W5".into()] });
    }
}
