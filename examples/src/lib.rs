//! What the example programs are made of beside constgrad.

pub mod drawing;
