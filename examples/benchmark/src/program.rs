//! Programs that print measurements, each run in a process of its own.

use std::ffi::OsString;
use std::process::{self, Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The name of our own measurements.
pub(crate) const CONSTGRAD: &str = "constgrad";

/// What a program prints of a workload.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Measurement {
    pub peer: String,
    pub workload: String,
    pub threads: usize,
    /// Microseconds a step.
    pub us: f64,
}

/// A program that takes a number of threads and names of workloads, and prints a [`Measurement`] a line.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// For the eyes of the user.
    pub name: String,
    /// The executable, and its arguments before those.
    pub command: Vec<OsString>,
    /// What it is run with.
    pub environment: &'static [(&'static str, &'static str)],
}

/// Where libraries look up how many threads they may use.
const THREADS: [&str; 6] = [
    "BLIS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
];

/// What would make numpy take its kernels for another processor.
const OVERRIDES: [&str; 2] = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

/// Whether processes can be kept on some processors.
static TASKSET: LazyLock<bool> =
    LazyLock::new(|| Command::new("taskset").arg("--version").output().is_ok_and(|output| output.status.success()));

impl Program {
    /// This program itself.
    pub(crate) fn constgrad() -> Result<Self> {
        let command = vec![std::env::current_exe()?.into(), "--measure".into()];
        Ok(Self { name: CONSTGRAD.into(), command, environment: &[] })
    }

    /// Runs the program on the first processors, as many as threads.
    pub(crate) fn measure(&self, workloads: &[impl AsRef<str>], threads: usize) -> Result<Vec<Measurement>> {
        let mut command = self.pinned(threads);
        command.arg(threads.to_string()).args(workloads.iter().map(AsRef::as_ref)).stderr(Stdio::inherit());
        command.envs(THREADS.map(|variable| (variable, threads.to_string()))).envs(self.environment.iter().copied());
        for variable in OVERRIDES {
            command.env_remove(variable);
        }
        let process::Output { status, stdout, .. } = command.output().context("the process does not start")?;
        ensure!(status.success(), "the process ended with {status}");
        read(&String::from_utf8(stdout)?)
    }

    fn pinned(&self, threads: usize) -> Command {
        let mut words = self.command.iter();
        if !*TASKSET {
            let mut command = Command::new(words.next().expect("an executable"));
            command.args(words);
            return command;
        }
        let mut command = Command::new("taskset");
        command.arg("--cpu-list").arg(format!("0-{}", threads - 1)).args(words);
        command
    }
}

/// The measurements among what a program printed.
fn read(output: &str) -> Result<Vec<Measurement>> {
    let lines = output.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str(line).with_context(|| format!("not a measurement: {line}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_are_read_among_other_lines() {
        let output = "warning: slow\n{\"peer\": \"torch\", \"workload\": \"W1\", \"threads\": 2, \"us\": 431.5}\n";
        let expected = Measurement { peer: "torch".into(), workload: "W1".into(), threads: 2, us: 431.5 };
        assert_eq!(read(output).unwrap(), [expected]);
    }

    #[test]
    fn half_a_measurement_is_refused() {
        assert!(read("{\"peer\": \"torch\", \"us\": 431.5}").unwrap_err().to_string().contains("torch"));
    }
}
