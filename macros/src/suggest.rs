//! The nearest known name to one that is not known.

/// The known name that was probably meant.
pub(crate) fn nearest(name: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let distance = |known: &String| strsim::damerau_levenshtein(&plain(name), &plain(known));
    let limit = name.len().div_ceil(3);
    known.into_iter().min_by_key(distance).filter(|known| distance(known) <= limit)
}

/// A help line with the nearest known name, or with all of them.
pub(crate) fn did_you_mean(name: &str, known: impl IntoIterator<Item = String>) -> String {
    let known: Vec<String> = known.into_iter().collect();
    match nearest(name, known.iter().cloned()) {
        Some(nearest) => format!("\n= help: did you mean `{nearest}`?"),
        None if known.is_empty() => String::new(),
        None => format!("\n= help: known here: `{}`", known.join("`, `")),
    }
}
