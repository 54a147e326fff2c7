//! One payment as it is compared: what a group's request and a line of a company's list have in
//! common.

use crate::money::Won;

/// An amount and the texts that say for whom it is. What is not known is `None`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Payment<'a> {
    pub(crate) amount: Won,
    pub(crate) billing_tran_id: Option<&'a str>,
    pub(crate) sub_id: Option<&'a str>,
    pub(crate) print_content: Option<&'a str>,
}

impl<'a> Payment<'a> {
    /// The texts, in the order in which they are preferred as a key.
    pub(super) fn texts(&self) -> [Option<&'a str>; 3] {
        [self.billing_tran_id, self.sub_id, self.print_content]
    }
}
