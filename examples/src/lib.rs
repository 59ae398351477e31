//! What the example programs are made of beside constgrad.

pub mod book;
pub mod digits;
pub mod drawing;
pub mod lenet;
pub mod options;
