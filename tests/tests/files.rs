//! Readers of files, given files that were changed at random: each is read or refused, in few words and little memory. And
//! savers that are killed.
//!
//! The seed is new each time, and printed; `CONSTGRAD_SEED=… cargo test -p constgrad-tests --test files` begins with the same
//! file.

#![allow(missing_docs, reason = "the tests say what they test")]

mod counting;

use std::fmt::Display;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use constgrad::idx::Dataset;
use constgrad::layer::Affine;
use constgrad::{Trainable, checkpoint, network};
use flate2::Compression;
use flate2::write::GzEncoder;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use counting::bytes;

network! {
    #[no_gradient_test]
    struct Small(x: [3, 2]) -> [1] {
        #[frozen]
        let first = x.affine(2).batch_norm();
        first.lstm(2).last().affine(1)
    }
}

/// For how long files are changed, for each reader.
const TIME: Duration = Duration::from_secs(15);

/// The memory that a reader may take for any file: buffers, and what unpacks two files.
const ROOM: usize = 1 << 19;

/// The longest message, after the name of the file.
const LONGEST: usize = 8000;

#[test]
fn changed_checkpoints_are_read_or_refused() {
    let folder = folder("checkpoints");
    let path = folder.join("net");
    let net = Small::<f32>::init(&mut SmallRng::seed_from_u64(1));
    let saved = |save: &dyn Fn() -> Result<(), checkpoint::Error>| {
        save().expect("the folder can be written to");
        fs::read(&path).expect("it was saved")
    };
    let files = [
        saved(&|| checkpoint::save(&net, &path)),
        saved(&|| checkpoint::save(&Small::<f32>::state(), &path)),
        saved(&|| checkpoint::save(&Small::<f64>::zeros(), &path)),
        saved(&|| checkpoint::save(&Affine::<f32, 3, 2>::zeros(), &path)),
    ];
    let mut read = 0;
    let cases = repeat("checkpoints", |rng| {
        let mut file = changed(&files, 8, rng);
        if rng.random() && file.len() >= 8 {
            // The header ends where its last brace does, so that what is in it is looked at.
            let end = file.iter().rposition(|&byte| byte == b'}').map_or(8, |place| place + 1).max(8);
            file.splice(..8, (end as u64 - 8).to_le_bytes());
        }
        write(&path, &file);
        let (results, bytes) = bytes(|| {
            [
                checkpoint::load::<Small<f32>>(&path).map(drop),
                checkpoint::load::<Small<f64>>(&path).map(drop),
                checkpoint::load_state::<Small<f32>>(&path).map(drop),
            ]
        });
        assert!(bytes < ROOM + 3 * 16 * file.len(), "{bytes} bytes for {}", file.len());
        for result in results {
            match result {
                Ok(()) => read += 1,
                Err(error) => check_message(&error, &error.path),
            }
        }
    });
    // Otherwise what is changed is no file any more.
    assert!(read > cases / 100 && read < 2 * cases, "{read} of {cases}");
}

#[test]
fn changed_data_sets_are_read_or_refused() {
    let folder = folder("data_sets");
    let paths = ["images.gz", "labels.gz"].map(|name| folder.join(name));
    let files = [
        [b"\0\0\x08\x03\0\0\0\x03\0\0\0\x02\0\0\0\x03".as_slice(), &[7; 18]].concat(),
        b"\0\0\x08\x01\0\0\0\x03\x03\0\x02".to_vec(),
    ];
    let [mut read, mut longest] = [0, 0];
    let cases = repeat("data sets", |rng| {
        let mut packed = files.each_ref().map(|file| gzip(file));
        let index = rng.random_range(0..2);
        if rng.random() {
            packed[index] = gzip(&changed(&[&files[index..], &files[..index]].concat(), 0, rng));
        } else {
            packed[index] = changed(&[packed[index].clone(), packed[1 - index].clone()], 0, rng);
        }
        for (path, file) in paths.iter().zip(&packed) {
            write(path, file);
        }
        let (result, bytes) = bytes(|| Dataset::<6, 4>::read(&paths[0], &paths[1]));
        // A member of a gzip file takes what unpacks it, and there may be one more for each piece that was repeated.
        longest = longest.max(bytes);
        let len = packed.concat().len();
        assert!(bytes < ROOM + 3 * 1032 * len, "{bytes} bytes for {len}");
        match result {
            Ok(dataset) => {
                read += 1;
                assert_eq!(dataset.images().len(), dataset.len());
            }
            Err(error) => check_message(&error, &error.path),
        }
    });
    assert!(read > cases / 100 && read < cases, "{read} of {cases}");
    assert!(longest < 8 * ROOM, "{longest} bytes");
}

/// Calls `check` with random numbers for a while, and says with which.
fn repeat(what: &str, mut check: impl FnMut(&mut SmallRng)) -> usize {
    /// Says which file it was.
    struct Case<'a>(&'a str, u64);

    impl Drop for Case<'_> {
        fn drop(&mut self) {
            if thread::panicking() {
                say(&format!("the {} were changed by CONSTGRAD_SEED={}", self.0, self.1));
            }
        }
    }

    let seed = env::var("CONSTGRAD_SEED").map(|seed| seed.parse().expect("CONSTGRAD_SEED is a number"));
    let seed = seed.unwrap_or_else(|_| RandomState::new().hash_one(0));
    let (start, mut cases) = (Instant::now(), 0);
    while start.elapsed() < TIME {
        let case = Case(what, seed.wrapping_add(cases as u64));
        check(&mut SmallRng::seed_from_u64(case.1));
        cases += 1;
    }
    say(&format!("changed {cases} {what} by CONSTGRAD_SEED={seed}"));
    cases
}

/// Prints a line, also of a test that passes.
fn say(line: &str) {
    _ = writeln!(io::stderr(), "{line}");
}

/// The first of `files`, or another, with some changes, most of them from byte `start` on.
fn changed(files: &[Vec<u8>], start: usize, rng: &mut SmallRng) -> Vec<u8> {
    const NUMBERS: [&str; 12] = [
        "0",
        "1",
        "-1",
        "2",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "1e308",
        "0.5",
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000",
    ];
    const WORDS: [&str; 12] = [
        r"\u001b[2J",
        r"\n\r\u0000\u202e\u2066",
        "\u{202e}\u{200b}\u{7f}\u{85}",
        "\\",
        "\"",
        "module.",
        "F16",
        r#","a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}"#,
        r#""__metadata__":{"a":"b"},"#,
        "<!DOCTYPE html>",
        "PK\u{3}\u{4}",
        "[[[[[[[[",
    ];
    let mut file = if rng.random_ratio(3, 4) { &files[0] } else { files.choose(rng).expect("there are some") }.clone();
    for _ in 0..rng.random_range(0..5) {
        let first = if rng.random_ratio(1, 8) { 0 } else { start.min(file.len()) };
        let place = rng.random_range(first..=file.len());
        let end = (place + rng.random_range(0..20)).min(file.len());
        match rng.random_range(0..9) {
            0 => file.truncate(place),
            1 => _ = file.drain(place..end),
            2 => file[place..end].fill_with(|| rng.random()),
            3 if place < end => file[place] ^= 1 << rng.random_range(0..8),
            4 => _ = file.splice(place..place, rng.random::<u32>().to_be_bytes()),
            5 => {
                let piece = file[place..end].to_vec();
                let times = rng.random_range(1..10);
                file.splice(place..place, piece.repeat(times));
            }
            6 => {
                let other = files.choose(rng).expect("there are some");
                let from = rng.random_range(0..=other.len());
                file.splice(place.., other[from..].iter().copied());
            }
            7 => {
                let is_digit = |byte: &u8| byte.is_ascii_digit();
                let Some(begin) = file[place..].iter().position(is_digit).map(|index| place + index) else { continue };
                let len = file[begin..].iter().take_while(|byte| is_digit(byte)).count();
                file.splice(begin..begin + len, NUMBERS.choose(rng).expect("there are some").bytes());
            }
            _ => {
                let times = if rng.random_ratio(1, 10) { 200 } else { 1 };
                let word = WORDS.choose(rng).expect("there are some").repeat(times);
                file.splice(place..place, word.bytes());
            }
        }
    }
    file
}

/// Writes a file anew: where there is one, some systems wait for the disk.
fn write(path: &Path, bytes: &[u8]) {
    _ = fs::remove_file(path);
    fs::write(path, bytes).expect("the folder can be written to");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory can be written to")
}

/// Asserts that a message can be shown to anybody.
fn check_message(error: &impl Display, path: &Path) {
    let message = error.to_string();
    let words = message.strip_prefix(&path.display().to_string()).expect("it begins with the name of the file");
    let is_plain = |letter: char| letter == '\n' || !format!("a{letter}").escape_debug().to_string().contains('\\');
    // A mark on the letter before it is one of its script; quotes and backslashes do nothing.
    let words = words.replace(['"', '\'', '\\'], "");
    assert!(words.chars().all(is_plain), "{words:?}");
    assert!(words.lines().skip(1).all(|line| line.starts_with("  ")), "{words:?}");
    assert!(words.len() < LONGEST, "{} bytes: {words}", words.len());
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("files_{name}"));
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("there is a folder for tests");
    folder
}

/// Large enough to be killed at.
type Large = Affine<f32, 1024, 512>;

/// The environment variable that makes a saver of this program.
const SAVE_IN: &str = "CONSTGRAD_SAVE_IN";

/// What the next test starts, and kills.
#[test]
fn a_saver_saves_until_it_is_killed() {
    let Ok(folder) = env::var(SAVE_IN) else { return };
    let (net, start) = (Large::zeros(), Instant::now());
    // Also if who should kill it was killed itself.
    while start.elapsed() < TIME {
        checkpoint::save(&net, Path::new(&folder).join("net")).expect("the folder can be written to");
    }
}

#[test]
fn savers_that_are_killed_leave_nothing_for_long() {
    let folder = folder("killed");
    let path = folder.join("net");
    let names = || {
        let names =
            fs::read_dir(&folder).expect("there is a folder").map(|entry| entry.expect("it is read").file_name());
        names.collect::<Vec<_>>()
    };
    let mut rng = SmallRng::seed_from_u64(2);
    let mut left = 0;
    // Two at a time, until some of them have left something.
    for _ in 0..1000 {
        let mut savers = [(); 2].map(|()| {
            let program = env::current_exe().expect("this program is a file");
            let mut command = Command::new(program);
            command.args(["--exact", "a_saver_saves_until_it_is_killed"]).env(SAVE_IN, &folder);
            command.stdout(Stdio::null()).spawn().expect("this program starts")
        });
        while !path.exists() {
            let goes_on = |saver: &mut Child| saver.try_wait().expect("it was started").is_none();
            assert!(savers.iter_mut().all(goes_on), "it saves until it is killed");
        }
        thread::sleep(Duration::from_millis(rng.random_range(5..50)));
        for mut saver in savers {
            saver.kill().and_then(|()| saver.wait()).expect("it runs until it is killed");
        }
        checkpoint::load::<Large>(&path).expect("it is the old file or the new one");
        left += usize::from(names().len() > 1);
        if left == 5 {
            break;
        }
    }
    assert_eq!(left, 5);
    checkpoint::save(&Large::zeros(), &path).expect("the folder can be written to");
    assert_eq!(names(), ["net"]);
}

/// Somebody could write to it, some day.
#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let path = folder("pipe").join("pipe");
    let made = Command::new("mkfifo").arg(&path).status().expect("every Unix has it");
    assert!(made.success());
    let refused = |error: &dyn Display, words: &str| {
        assert_eq!(error.to_string(), format!("{}: {words}: it is a pipe, not a file", path.display()));
    };
    refused(&checkpoint::load::<Large>(&path).expect_err("it is no file"), "cannot be read");
    refused(&checkpoint::save(&Large::zeros(), &path).expect_err("it is no file"), "cannot be written");
    refused(&Dataset::<6, 4>::read(&path, &path).expect_err("it is no file"), "cannot be read");
}
