//! What an isolate makes once, and keeps.

use std::cell::OnceCell;

/// What is kept, or else what `make` gives. Two requests may make it side by side: both make the
/// same, and none waits for the other.
pub(super) async fn once<T, E>(
    kept: &OnceCell<T>,
    make: impl Future<Output = Result<T, E>>,
) -> Result<&T, E> {
    if let Some(value) = kept.get() {
        return Ok(value);
    }
    let value = make.await?;
    Ok(kept.get_or_init(|| value))
}
