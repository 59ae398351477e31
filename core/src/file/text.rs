//! The words of a file, and names of files, in messages.

use std::fmt;

/// A text in which no character moves the cursor, hides others or starts a line.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PLAIN: [char; 3] = ['"', '\'', '\\'];
        self.0.split_inclusive(PLAIN).try_for_each(|piece| {
            let (text, plain) = piece.split_at(piece.trim_end_matches(PLAIN).len());
            write!(f, "{}{plain}", text.escape_debug())
        })
    }
}

/// The same of a text of any length: what is too much, as it is shown, is cut out of the middle.
#[cfg(feature = "safetensors")]
pub(crate) struct Cut<'a>(pub(crate) &'a str);

#[cfg(feature = "safetensors")]
impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The most that is kept at both ends.
        const ENDS: [usize; 2] = [80, 60];
        let text = self.0;
        if beyond(text.char_indices(), ENDS[0] + ENDS[1]).is_none() {
            return Escaped(text).fmt(f);
        }
        let start = beyond(text.char_indices(), ENDS[0]).map_or(text, |(place, _)| &text[..place]);
        let end = beyond(text.char_indices().rev(), ENDS[1]);
        let end = end.map_or(text, |(place, character)| &text[place + character.len_utf8()..]);
        write!(f, "{}…{}", Escaped(start), Escaped(end))
    }
}

/// The first character that is one too much where `most` are shown.
#[cfg(feature = "safetensors")]
fn beyond(mut characters: impl Iterator<Item = (usize, char)>, most: usize) -> Option<(usize, char)> {
    let mut shown = 0;
    characters.find(|(_, character)| {
        shown += character.escape_debug().count();
        shown > most
    })
}

#[cfg(all(test, feature = "safetensors"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let text = "C:\\net \"a\"\u{1b}[2J\n\r\t\0\u{7f}\u{85}\u{200b}\u{202e}\u{2028}\u{2066}\u{feff}\u{e0041}é網";
        assert_eq!(
            Escaped(text).to_string(),
            r#"C:\net "a"\u{1b}[2J\n\r\t\0\u{7f}\u{85}\u{200b}\u{202e}\u{2028}\u{2066}\u{feff}\u{e0041}é網"#
        );
    }

    #[test]
    fn the_middle_of_a_long_text_is_cut() {
        let whole = "é".repeat(140);
        assert_eq!(Cut(&whole).to_string(), whole);
        let long = format!("{}{}{}", "é".repeat(80), "x".repeat(1 << 20), "ü".repeat(60));
        assert_eq!(Cut(&long).to_string(), format!("{}…{}", "é".repeat(80), "ü".repeat(60)));
        let escapes = Cut(&"\u{1b}".repeat(1000)).to_string();
        assert_eq!(escapes, format!("{}…{}", r"\u{1b}".repeat(80 / 6), r"\u{1b}".repeat(60 / 6)));
    }
}
