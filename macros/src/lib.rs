//! The macro of constgrad; use it through `constgrad`, whose documentation describes the language.
//!
//! ```text
//! tokens → syntax → resolve → infer → check → codegen
//! ```
//! Errors are gathered on the way; after one, the declared names still exist as stubs.

mod arguments;
mod arithmetic;
mod assertion;
mod catalogue;
mod check;
mod codegen;
mod compiled;
mod conditional;
mod constants;
mod expand;
mod fallback;
mod graph;
mod infer;
mod message;
mod report;
mod resolve;
mod rules;
mod shape;
mod sizes;
mod suggest;
mod syntax;

/// Expands a declared network; the first token group is the path to `constgrad`.
#[proc_macro]
pub fn network(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand::expand(tokens.into()).into()
}

/// Compiles formulas where they are defined: stands on an implementation of `Formula`, `Term`, `Activation` or `ScoreLoss`,
/// and writes the methods that compile its formulas for `f32` and `f64`.
#[proc_macro_attribute]
pub fn compiled(attribute: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    compiled::expand(&attribute.into(), &item.into()).into()
}
