//! The text of an error about shapes: printed by the macro where it knows the numbers, formatted by rustc where not.

use std::fmt;

use proc_macro2::TokenStream;
use quote::quote;

use crate::shape::{Dim, Shape};

/// A text with shapes in it, and the lines under it.
#[derive(Clone, Default)]
pub(crate) struct Message {
    pieces: Vec<Piece>,
    notes: Vec<Message>,
    helps: Vec<Message>,
}

#[derive(Clone)]
enum Piece {
    Text(String),
    Shape(Shape),
    Dim(Dim),
}

impl Message {
    pub(crate) fn new(text: impl fmt::Display) -> Self {
        Self::default().text(text)
    }

    pub(crate) fn text(mut self, text: impl fmt::Display) -> Self {
        self.pieces.push(Piece::Text(text.to_string()));
        self
    }

    pub(crate) fn shape(mut self, shape: &Shape) -> Self {
        self.pieces.push(Piece::Shape(shape.clone()));
        self
    }

    pub(crate) fn dim(mut self, dim: &Dim) -> Self {
        self.pieces.push(Piece::Dim(dim.clone()));
        self
    }

    pub(crate) fn join(mut self, other: Message) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// Adds a line that says where a number comes from.
    pub(crate) fn note(mut self, note: Message) -> Self {
        self.notes.push(note);
        self
    }

    /// Adds a last line that says what compiles.
    pub(crate) fn help(mut self, help: Message) -> Self {
        self.helps.push(help);
        self
    }

    /// A const expression of the text with the sizes that only rustc can compute.
    pub(crate) fn to_const(&self, krate: &TokenStream) -> TokenStream {
        let pieces = self.lines().pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => quote!(.text(#text)),
            Piece::Shape(shape) => match shape.dims(krate) {
                Some(dims) => quote!(.dims(#dims)),
                None => {
                    let text = shape.to_string();
                    quote!(.text(#text))
                }
            },
            Piece::Dim(dim @ Dim::Parameter(_)) => {
                let text = dim.to_string();
                quote!(.text(#text))
            }
            Piece::Dim(dim) => {
                let number = dim.expression();
                quote!(.number(#number))
            }
        });
        quote!(#krate::__private::Message::new() #(#pieces)*)
    }

    /// The text with its notes and helps, as rustc prints its own.
    fn lines(&self) -> Message {
        let mut all = Self { pieces: self.pieces.clone(), ..Self::default() };
        for (kind, lines) in [("note", &self.notes), ("help", &self.helps)] {
            for line in lines {
                all = all.text(format_args!("\n= {kind}: ")).join(line.clone());
            }
        }
        all
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().pieces.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Shape(shape) => shape.fmt(f),
            Piece::Dim(dim) => dim.fmt(f),
        })
    }
}
