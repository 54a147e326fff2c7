//! Opaque identifiers: keys and ids whose form is Payple's own affair.

/// Checks that a value is 1 to `max_chars` characters without white space and control characters.
/// The error, a sentence, calls it `name` and does not repeat it.
pub(crate) fn check(name: &str, value: &str, max_chars: usize) -> Result<(), String> {
    let fault = if value.is_empty() {
        "is empty".to_owned()
    } else if value.chars().any(|c| c.is_whitespace() || c.is_control()) {
        "contains white space or control characters".to_owned()
    } else if value.chars().count() > max_chars {
        format!("is longer than {max_chars} characters")
    } else {
        return Ok(());
    };
    Err(format!("{name} {fault}"))
}
