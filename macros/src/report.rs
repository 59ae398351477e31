//! Gathers errors, so that one run reports every mistake.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Every mistake found so far. Has to be asked for them in the end.
#[derive(Default)]
pub(crate) struct Errors {
    found: Option<syn::Error>,
}

impl Errors {
    /// Notes a mistake; `at` is underlined from its first token to its last.
    pub(crate) fn push(&mut self, at: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(at, message));
    }

    /// Notes a mistake that already has its place.
    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.found {
            Some(found) => found.combine(error),
            None => self.found = Some(error),
        }
    }

    /// Keeps the value, or notes the mistake.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_none()
    }

    /// One `compile_error!` a mistake; nothing where there is none.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        let tokens = self.found.take().map(syn::Error::into_compile_error).unwrap_or_default();
        std::mem::forget(self);
        tokens
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "the errors of a declaration were not read");
    }
}
