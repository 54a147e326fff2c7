//! An answer of the Worker's own before it becomes a `Response`: status, headers and body.

use std::borrow::Cow;

use serde::Serialize;

/// An answer of the Worker's own, not yet a `Response`.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Beside the security headers, which every answer gets.
    pub(crate) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// `value` as JSON.
    pub(crate) fn json(value: &impl Serialize) -> serde_json::Result<Self> {
        let body = serde_json::to_vec(value)?;
        Ok(Self { status: 200, headers: vec![("Content-Type", "application/json".into())], body })
    }

    /// A table, as a file.
    pub(crate) fn csv(text: String) -> Self {
        let headers = vec![("Content-Type", "text/csv; charset=utf-8".into())];
        Self { status: 200, headers, body: text.into_bytes() }
    }

    /// Nothing but a status.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// The same with one header more.
    pub(crate) fn with_header(
        mut self,
        name: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
