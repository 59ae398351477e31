//! Lines of a Markdown table: headings and names on the left, numbers on the right.

/// The first two lines of a Markdown table.
pub(crate) fn header(first: &str, columns: &[impl AsRef<str>]) -> String {
    let columns: Vec<_> = columns.iter().map(AsRef::as_ref).collect();
    format!("| {first} | {} |\n|---|{}", columns.join(" | "), "---:|".repeat(columns.len()))
}

/// A line of a Markdown table; a dash stands for what is not there.
pub(crate) fn row<C: AsRef<str>>(first: &str, columns: &[C], cell: impl Fn(&str) -> Option<String>) -> String {
    let cells = columns.iter().map(|column| cell(column.as_ref()).unwrap_or_else(|| "–".into()));
    format!("| {first} | {} |", cells.collect::<Vec<_>>().join(" | "))
}
