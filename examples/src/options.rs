//! What the programs that learn MNIST are asked for.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use lexopt::prelude::*;

/// The options of `--help`.
pub const HELP: &str = "\
  --data DIR  the four gzipped IDX files of another data set of 28 x 28 pixels in 10 classes
  --seed N    another run
  --save FILE keeps what was trained
  --load FILE prints the accuracies of what was kept, and trains nothing";

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the data set.
    pub data: PathBuf,
    /// What the run is random by.
    pub seed: u64,
    /// The file that is to keep the network.
    pub save: Option<PathBuf>,
    /// The file that a network is to be taken from.
    pub load: Option<PathBuf>,
    /// Whether nothing was asked for but what the claim is about.
    pub defaults: bool,
}

impl Options {
    /// The options of the command line; nothing where help is asked for.
    ///
    /// # Errors
    /// If there are others, or they do not go together.
    pub fn parse() -> Result<Option<Self>> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mnist");
        let mut options = Self { data, seed: 0, save: None, load: None, defaults: true };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            options.defaults = false;
            match argument {
                Long("data") => options.data = arguments.value()?.into(),
                Long("seed") => options.seed = arguments.value()?.parse()?,
                Long("save") => options.save = Some(arguments.value()?.into()),
                Long("load") => options.load = Some(arguments.value()?.into()),
                Long("help") | Short('h') => return Ok(None),
                unexpected => return Err(unexpected.unexpected().into()),
            }
        }
        ensure!(options.save.is_none() || options.load.is_none(), "`--load` trains nothing that `--save` could keep");
        Ok(Some(options))
    }
}
