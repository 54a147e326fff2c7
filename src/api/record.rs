//! The access record: what is asked of it, and its entries as an auditor reads them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use strum::{IntoStaticStr, VariantArray};

/// A part of the access record, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessRecords {
    /// The entries.
    pub records: Vec<AccessRecord>,
    /// Where the next part begins; absent after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The chains of the record, for who checks them.
    pub chains: Vec<RecordChain>,
}

/// From where to where a chain reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordChain {
    /// Its name.
    pub chain: String,
    /// The last entry that is not kept any more; sequence 0 where all are.
    pub anchor: RecordLink,
    /// The last entry when the record was read.
    pub head: RecordLink,
}

/// An entry's place and hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordLink {
    /// Counted from 1.
    pub sequence: u64,
    /// SHA-256 in hexadecimal digits.
    pub hash: String,
}

/// One act. Whatever the hash covers is as it is kept: subject and reason sealed.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessRecord {
    /// The chain that it is in.
    pub chain: String,
    /// Its place there, counted from 1.
    pub sequence: u64,
    /// When, in Korea: `2026-11-28T16:20:11.123+09:00`. 접속일시.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub at: String,
    /// `person <e-mail or name>`, `program <name>`, `admin`, `nobody` or `system`. 식별자.
    pub who: String,
    /// How they had proved it.
    pub method: RecordMethod,
    /// An IP address, or `unknown`. 접속지.
    pub address: String,
    /// What they did. 수행업무.
    pub task: RecordTask,
    /// The billing key or the group key, sealed, in hexadecimal digits. 처리한 정보주체.
    pub subject: Option<String>,
    /// The same as it was asked for; absent where its key is not among `RECORD_KEY` any more.
    pub subject_text: Option<String>,
    /// A keyed hash of it.
    pub subject_hash: Option<String>,
    /// Which `RECORD_KEY` has sealed subject and reason.
    pub key: Option<String>,
    /// `ok`, `session_ended` where the session had ended and nothing was handed out, or the kind of
    /// the problem.
    pub outcome: String,
    /// How many rows were shown or taken out; of a billing key one.
    pub rows: Option<u64>,
    /// Why, sealed.
    pub reason: Option<String>,
    /// Why, as it was given.
    pub reason_text: Option<String>,
    /// That of the answer.
    pub request_id: String,
    /// The hash of the entry before.
    pub previous: String,
    /// The hash of this one.
    pub hash: String,
}

/// How somebody has proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RecordMethod {
    /// A token, with the request itself.
    Token,
    /// A session, begun with a token.
    Session,
    /// Cloudflare Access.
    Access,
    /// The admin token in live, by itself or in a session.
    Emergency,
    /// Another Worker, by a service binding.
    Binding,
    /// Not at all.
    None,
}

impl RecordMethod {
    /// As it is written.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RecordTask {
    /// Looked up the payout requests of a group.
    PayoutRequests,
    /// Looked up a billing key.
    BillingKey,
    /// Signed in, or tried to.
    SignIn,
    /// Signed out.
    SignOut,
    /// Took rows out as a file.
    Export,
    /// Took rows out on paper.
    Print,
    /// Had names and telephone numbers shown that are masked at first.
    Show,
    /// Read this record.
    ReadRecords,
    /// The record itself deleted entries whose retention was over.
    Retention,
}

impl RecordTask {
    /// All of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// As it is written.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Asks for a part of the access record, in a body and not in an address, because it holds the
/// subject in full.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessRecordsQuestion<'a> {
    /// A day or a moment in Korea, from which on.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema_parts::MOMENT)))]
    pub from: Option<Cow<'a, str>>,
    /// A day in Korea, which is included, or a moment, which is not.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = crate::schema_parts::MOMENT)))]
    pub to: Option<Cow<'a, str>>,
    /// As the entries have it, or without `person` or `program` before it.
    #[cfg_attr(feature = "schema", schemars(length(max = 300)))]
    pub who: Option<Cow<'a, str>>,
    /// What was done.
    pub task: Option<RecordTask>,
    /// A billing key or a group key, in full. It is hashed at once.
    #[cfg_attr(feature = "schema", schemars(length(max = 255)))]
    pub subject: Option<Cow<'a, str>>,
    /// `next` of the part before.
    pub cursor: Option<Cow<'a, str>>,
    /// How many entries at most; 500 unless told.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))]
    pub limit: Option<u32>,
}

/// How often who did what in a time, for the auditor who reviews a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessSummary<Line = AccessSummaryLine> {
    /// For each chain by who, method, task and outcome.
    pub lines: Vec<Line>,
    /// The chains of the record.
    pub chains: Vec<RecordChain>,
}

/// How often somebody did something with one outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessSummaryLine {
    /// As the entries have it. 식별자.
    pub who: String,
    /// How they had proved it.
    pub method: RecordMethod,
    /// What they did. 수행업무.
    pub task: RecordTask,
    /// `ok`, `session_ended` where the session had ended and nothing was handed out, or the kind of
    /// the problem.
    pub outcome: String,
    /// How many entries.
    pub count: u64,
    /// How many rows were shown or taken out, of all of them.
    pub rows: u64,
    /// Of how many group keys and billing keys. 처리한 정보주체.
    pub subjects: u64,
    /// How many of the entries are from a weekend, or from before or after the hours of work. 업무시간
    /// 외.
    pub outside_hours: u64,
}

/// Says that rows are about to be taken out, and why, or shown without a mask. Exactly one of
/// `groupKey`, `payerIds` and `accessRecord`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Action<'a> {
    /// What.
    pub action: ActionKind,
    /// Of which group. 실행 그룹 키.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 64), regex(pattern = crate::schema_parts::IDENTIFIER))
    )]
    pub group_key: Option<Cow<'a, str>>,
    /// Of which billing keys, at most 1,000. 빌링키.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 1000)))]
    pub payer_ids: Option<Vec<Cow<'a, str>>>,
    /// Of the access record itself, by an auditor: `true`. 접속기록.
    pub access_record: Option<bool>,
    /// How many rows. Of billing keys as many as `payerIds` holds: each is a row.
    #[cfg_attr(feature = "schema", schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub rows: u64,
    /// Why, in at most 500 characters. Exports and prints must say so where `exportReason` is
    /// `required`. 사유.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 500)))]
    pub reason: Option<Cow<'a, str>>,
}

/// What is done with the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ActionKind {
    /// They are taken out as a file, or to the clipboard.
    Export,
    /// They are taken out on paper.
    Print,
    /// Their names and telephone numbers are shown, which are masked at first.
    Show,
}

/// Whether exports and prints have to say why: the setting `EXPORT_REASON`. 반출 사유.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ExportReason {
    /// Nobody is asked.
    Off,
    /// Who is asked may say nothing.
    Optional,
    /// Without a reason nothing is taken out.
    #[default]
    Required,
    /// Nothing is taken out at all.
    Forbidden,
}
