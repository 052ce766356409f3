//! Facts: what the fields of a document tell that lists filter by and sums add up, each a column of its own.

/// The name of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    Operation,
    Provider,
    RequestModel,
    ResponseModel,
    FinishReasons,
    InputTokens,
    OutputTokens,
    TotalTokens,
    CacheReadTokens,
    CacheWriteTokens,
    ReasoningTokens,
    Cost,
    Currency,
    ConversationId,
    ToolName,
    ToolCallId,
    AgentName,
    Type,
    SessionId,
    UserId,
    EndUserId,
    MessageId,
    StatusReason,
    ErrorType,
    ErrorCode,
    Recoverable,
    StepType,
    StepName,
    Role,
    QueryType,
    Confidence,
    Chosen,
    ResultsCount,
    ModelVersion,
}

/// What a fact's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactType {
    Text,
    Number,
    Flag,
    /// Any value, as its JSON text.
    Json,
}

/// How a fact is told.
pub struct FactEntry {
    pub fact: Fact,
    pub of: FactType,
    /// Where in a document it stands and is shown: a field, or a member of one.
    pub path: &'static str,
    /// Where else it is told.
    others: &'static [&'static str],
}

/// Where a document tells a fact. Of several places the one of the least rank counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactPlace {
    pub fact: Fact,
    pub rank: usize,
}

impl FactPlace {
    /// The rank of an attribute's present name; those of its aliases follow.
    pub const ATTRIBUTE: usize = 8;
}

const fn entry(fact: Fact, of: FactType, path: &'static str) -> FactEntry {
    FactEntry { fact, of, path, others: &[] }
}

const fn also(fact: Fact, of: FactType, path: &'static str, others: &'static [&'static str]) -> FactEntry {
    FactEntry { fact, of, path, others }
}

/// All facts in the order of their columns: those that most spans have first, because columns without a value take room only
/// before one that has. Attributes tell some as well (`gen_ai.rs`).
pub const FACTS: [FactEntry; 34] = [
    entry(Fact::Operation, FactType::Text, "operation"),
    entry(Fact::Provider, FactType::Text, "provider"),
    entry(Fact::RequestModel, FactType::Text, "requestModel"),
    entry(Fact::ResponseModel, FactType::Text, "responseModel"),
    entry(Fact::FinishReasons, FactType::Json, "finishReasons"),
    entry(Fact::InputTokens, FactType::Number, "tokens.input"),
    entry(Fact::OutputTokens, FactType::Number, "tokens.output"),
    entry(Fact::TotalTokens, FactType::Number, "tokens.total"),
    entry(Fact::CacheReadTokens, FactType::Number, "tokens.cacheRead"),
    entry(Fact::CacheWriteTokens, FactType::Number, "tokens.cacheWrite"),
    entry(Fact::ReasoningTokens, FactType::Number, "tokens.reasoning"),
    entry(Fact::Cost, FactType::Number, "cost.total"),
    entry(Fact::Currency, FactType::Text, "cost.currency"),
    entry(Fact::ConversationId, FactType::Text, "conversationId"),
    also(Fact::ToolName, FactType::Text, "toolName", &["step.toolName"]),
    entry(Fact::ToolCallId, FactType::Text, "toolCallId"),
    entry(Fact::AgentName, FactType::Text, "agentName"),
    entry(Fact::Type, FactType::Text, "type"),
    entry(Fact::SessionId, FactType::Text, "sessionId"),
    entry(Fact::UserId, FactType::Number, "userId"),
    entry(Fact::EndUserId, FactType::Text, "endUserId"),
    entry(Fact::MessageId, FactType::Text, "messageId"),
    entry(Fact::StatusReason, FactType::Text, "statusReason"),
    also(Fact::ErrorType, FactType::Text, "errorInfo.type", &["step.errorType"]),
    entry(Fact::ErrorCode, FactType::Text, "errorInfo.code"),
    also(Fact::Recoverable, FactType::Flag, "errorInfo.recoverable", &["step.recoverable"]),
    entry(Fact::StepType, FactType::Text, "step.type"),
    entry(Fact::StepName, FactType::Text, "step.name"),
    entry(Fact::Role, FactType::Text, "step.role"),
    entry(Fact::QueryType, FactType::Text, "step.queryType"),
    entry(Fact::Confidence, FactType::Number, "step.confidence"),
    entry(Fact::Chosen, FactType::Json, "step.chosen"),
    entry(Fact::ResultsCount, FactType::Number, "step.resultsCount"),
    entry(Fact::ModelVersion, FactType::Text, "modelVersion"),
];

/// Those of traces, in the order of their columns.
pub const TRACE_FACTS: [Fact; 10] = [
    Fact::MessageId,
    Fact::StatusReason,
    Fact::ErrorType,
    Fact::ErrorCode,
    Fact::Recoverable,
    Fact::InputTokens,
    Fact::OutputTokens,
    Fact::TotalTokens,
    Fact::Cost,
    Fact::Currency,
];

/// The facts of a root span that its trace may follow.
pub const ROOT_FACTS: [Fact; 6] =
    [Fact::SessionId, Fact::UserId, Fact::EndUserId, Fact::RequestModel, Fact::ResponseModel, Fact::ConversationId];

impl Fact {
    /// The fact that is shown at a path.
    pub fn at(path: &str) -> Option<Self> {
        FACTS.iter().find(|entry| entry.path == path).map(|entry| entry.fact)
    }

    /// Its line of the table.
    pub fn entry(self) -> &'static FactEntry {
        &FACTS[self as usize]
    }
}

/// The field of a path, and its member if it names one.
pub fn split(path: &'static str) -> (&'static str, Option<&'static str>) {
    path.split_once('.').map_or((path, None), |(field, member)| (field, Some(member)))
}

impl FactEntry {
    /// All paths that tell it, each with its rank.
    pub fn paths(&self) -> impl Iterator<Item = (&'static str, FactPlace)> {
        let paths = std::iter::once(self.path).chain(self.others.iter().copied());
        paths.zip(0..).map(|(path, rank)| (path, FactPlace { fact: self.fact, rank }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_names() {
        for (at, entry) in FACTS.iter().enumerate() {
            assert_eq!(entry.fact as usize, at, "{}", entry.path);
            assert_eq!(Fact::at(entry.path), Some(entry.fact));
        }
    }
}
