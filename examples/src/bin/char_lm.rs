//! Learns to write as the licence of this repository is written, character by character, with a small transformer: below
//! 2.6 bits for each character of a tenth that it has not seen, after half a minute on one core.
//!
//! `cargo run --release --bin char_lm`

use anyhow::{Context, Result, ensure};
use constgrad::prelude::*;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};

const TEXT: &str = include_str!("../../../LICENSE-APACHE");
/// The printable characters of ASCII.
const CHARS: usize = 95;
/// The characters that are seen at a time.
const SEEN: usize = 64;
const WIDTH: usize = 64;
const BATCH: usize = 32;
const STEPS: usize = 1000;
const LEARNING_RATE: f32 = 3e-3;
/// Bits a character.
const CLAIM: f32 = 2.6;

network! {
    /// A transformer block: what each position sees of those before it, then what it makes of that.
    pub struct Block(x: [SEEN, WIDTH]) -> [SEEN, WIDTH] {
        let seen = x + x.layer_norm().multi_head_attention(4, causal = true).dropout(rate = 0.3);
        seen + seen.layer_norm().affine(4 * WIDTH).gelu().affine(WIDTH).dropout(rate = 0.3)
    }
}

network! {
    /// The next character, at each position.
    #[random]
    #[loss(softmax_cross_entropy)]
    pub struct Writer(text: [usize; SEEN]) -> [SEEN, CHARS] {
        let x = text.embedding(CHARS, WIDTH).learned_positions();
        let seen: [SEEN, WIDTH] = x.net::<Block>().net::<Block>();
        seen.layer_norm().affine(CHARS)
    }
}

/// Windows of the text, one a column, and each moved by one character.
type Windows = OMatrix<usize, Const<SEEN>, Dyn>;

fn index(character: char) -> Result<usize> {
    ensure!(matches!(character, ' '..='~'), "the text holds {character:?}, which is no printable character of ASCII");
    Ok(character as usize - ' ' as usize)
}

/// The windows that begin at `starts`, and what follows each character of them.
fn windows(text: &[usize], starts: &[usize]) -> (Windows, Windows) {
    let moved = |by| Windows::from_fn(starts.len(), |row, column| text[starts[column] + row + by]);
    (moved(0), moved(1))
}

/// Continues `start` by `count` characters, each drawn as the network finds it likely.
fn write(net: &Writer, start: &[usize], count: usize, rng: &mut impl Rng) -> String {
    let mut text = start.to_vec();
    for _ in 0..count {
        let seen = SVector::<usize, SEEN>::from_column_slice(&text[text.len() - SEEN..]);
        let scores = net.predict(&seen);
        // Twice the scores: less at random.
        let powers = scores.as_slice()[(SEEN - 1) * CHARS..].iter().map(|score| (2.0 * score).exp());
        let mut left = rng.random_range(0.0..1.0) * powers.clone().sum::<f32>();
        let drawn = powers.into_iter().position(|power| {
            left -= power;
            left <= 0.0
        });
        text.push(drawn.unwrap_or(0));
    }
    text[start.len()..].iter().filter_map(|&index| (' '..='~').nth(index)).collect()
}

fn main() -> Result<()> {
    let words: Vec<&str> = TEXT.split_whitespace().collect();
    let text: Vec<usize> = words.join(" ").chars().map(index).collect::<Result<_>>().context("LICENSE-APACHE")?;
    let (start, end) = (text.len() / 2, text.len() / 10 * 6);
    let (known, unseen) = ([&text[..start], &text[end..]].concat(), &text[start..end]);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
    let mut net = Writer::<f32>::init(&mut rng);
    let mut adam = AdamW { weight_decay: 0.1, ..AdamW::new(LEARNING_RATE) };
    let mut workspace = Writer::workspace(BATCH);
    println!("step  bits a character");
    for step in 1..=STEPS {
        adam.learning_rate = LEARNING_RATE * (step as f32 / 50.0).min(1.0 - step as f32 / (STEPS + 1) as f32);
        let starts = [(); BATCH].map(|()| rng.random_range(0..known.len() - SEEN));
        let (seen, following) = windows(&known, &starts);
        let (loss, gradients) = net.gradient_in(&seen, &following, &mut rng, &mut workspace);
        adam.step(&mut net, gradients);
        if step % 100 == 0 {
            println!("{step:>4}  {:.2}", loss / std::f32::consts::LN_2);
        }
    }
    let starts: Vec<usize> = (0..unseen.len() - SEEN).step_by(SEEN).collect();
    let (seen, following) = windows(unseen, &starts);
    let bits = net.loss(&seen, &following) / std::f32::consts::LN_2;
    println!(
        "\nof what it has not seen: {bits:.2} bits a character, {:.1} % right",
        100.0 * net.accuracy(&seen, &following)
    );
    println!("\nwhat it writes:\n{}", write(&net, &unseen[..SEEN], 400, &mut rng));
    ensure!(bits < CLAIM, "it takes {bits} bits a character, not less than {CLAIM}");
    Ok(())
}
