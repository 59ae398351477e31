//! The other libraries: where their programs are, and what has to be there for them.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::program::Program;

/// A library, or several in one program, measured beside constgrad.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    pub name: &'static str,
    kind: Kind,
    /// The first arguments of its program, for each way that it is measured in.
    modes: &'static [&'static [&'static str]],
    /// Variables of the environment that it is measured both without and with.
    tuning: &'static [(&'static str, &'static str)],
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// `with_NAME.py`; the module is named like the peer.
    Python,
    /// The Cargo package in the folder `NAME`.
    Rust,
    /// `NAME.c`, linked with these libraries, which the package of the system brings.
    C { libraries: &'static [&'static str], package: &'static str },
}

/// Keeps glibc from giving memory back to the system and faulting it in anew at every step.
const KEEP_MEMORY: &[(&str, &str)] = &[
    ("MALLOC_TRIM_THRESHOLD_", "1000000000"),
    ("MALLOC_MMAP_THRESHOLD_", "1000000000"),
    ("MALLOC_TOP_PAD_", "100000000"),
];

/// Those that know the workloads.
pub(crate) const PEERS: [Peer; 6] = [
    Peer { modes: &[&["eager"], &["compile"]], ..Peer::new("torch", Kind::Python) },
    Peer::new("jax", Kind::Python),
    Peer::new("numpy", Kind::Python),
    Peer { tuning: KEEP_MEMORY, ..Peer::new("candle", Kind::Rust) },
    Peer { modes: &[&["flex"], &["ndarray"]], tuning: KEEP_MEMORY, ..Peer::new("burn", Kind::Rust) },
    Peer::new("dfdx", Kind::Rust),
];

/// Those that know the products; the first is several libraries.
pub(crate) const PRODUCTS: [Peer; 2] = [
    Peer::new("products", Kind::Rust),
    Peer::new("libxsmm", Kind::C { libraries: &["xsmm", "xsmmnoblas", "m"], package: "libxsmm-dev" }),
];

impl Peer {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, modes: &[&[]], tuning: &[] }
    }

    /// Its programs, built if need be.
    ///
    /// # Errors
    /// If it is not installed: the error says how to install it.
    pub(crate) fn programs(self) -> Result<Vec<Program>> {
        let command = match self.kind {
            Kind::Python => self.script()?,
            Kind::Rust => vec![self.cargo_build()?.into()],
            Kind::C { libraries, package } => vec![self.compile(libraries, package)?.into()],
        };
        let environments: &[_] = if self.tuning.is_empty() { &[&[][..]] } else { &[&[], self.tuning] };
        let programs = self.modes.iter().flat_map(|mode| environments.iter().map(|&tuning| (*mode, tuning)));
        Ok(programs.map(|(mode, tuning)| self.program(&command, mode, tuning)).collect())
    }

    fn program(self, command: &[OsString], mode: &[&str], environment: &'static [(&str, &str)]) -> Program {
        let mut name = [&[self.name], mode].concat().join(" ");
        if !environment.is_empty() {
            name += " (keeping its memory)";
        }
        let command = command.iter().cloned().chain(mode.iter().map(OsString::from)).collect();
        Program { name, command, environment }
    }

    /// Python and the script.
    fn script(self) -> Result<Vec<OsString>> {
        let Self { name, .. } = self;
        let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let import = Command::new(&python).arg("-c").arg(format!("import {name}")).output();
        let importable = import.is_ok_and(|output| output.status.success());
        ensure!(importable, "`{0} -m pip install {name}`, or name another Python in $PYTHON", python.display());
        Ok(vec![python, folder().join(format!("with_{name}.py")).into()])
    }

    /// The executable of the package.
    fn cargo_build(self) -> Result<PathBuf> {
        let target = built()?.join(self.name);
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--release", "--locked"]);
        build.arg("--manifest-path").arg(folder().join(self.name).join("Cargo.toml"));
        build.arg("--target-dir").arg(&target);
        ensure!(build.status()?.success(), "`cargo build` has to succeed in {}", folder().join(self.name).display());
        Ok(target.join(format!("release/constgrad-benchmark-{}{}", self.name, env::consts::EXE_SUFFIX)))
    }

    /// The executable of the file.
    fn compile(self, libraries: &[&str], package: &str) -> Result<PathBuf> {
        let target = built()?.join(self.name);
        let mut compile = Command::new("cc");
        compile.args(["-O3", "-o"]).arg(&target).arg(folder().join(format!("{}.c", self.name)));
        compile.args(libraries.iter().map(|library| format!("-l{library}")));
        let compiled = compile.output().context("it needs a C compiler, `cc`")?;
        ensure!(compiled.status.success(), "it needs what Debian calls {package}");
        Ok(target)
    }
}

/// Where the sources of the peers are.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Where the peers are built: beside this program.
fn built() -> Result<PathBuf> {
    let folder = env::current_exe()?.with_file_name("peers");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
