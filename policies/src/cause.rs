//! Why a call returned no answer: the script's fault, or the policy's denial.

use crate::word::words;

words! {
    /// What went wrong inside a call. The set is closed: every failure of a script has exactly one of these causes.
    pub enum FaultCause is "fault cause" {
        /// The call used up its fuel.
        Fuel = "fuel",
        /// The sandbox requested more memory than its budget.
        Memory = "memory",
        /// The script nested calls deeper than the sandbox's stack.
        Stack = "stack",
        /// The script raised an error.
        Script = "script",
        /// The answer does not match the declaration, or is larger than its budget.
        Answer = "answer",
        /// The script could not be loaded, or its image could not be restored.
        Load = "load",
        /// The runtime itself failed; the script is not at fault.
        Host = "host",
        /// The call took longer than the deadline of its policy.
        Deadline = "deadline",
    }
}

words! {
    /// Why a call was denied before it began.
    pub enum DenialCause is "denial cause" {
        /// The attachment made more calls than its rate allows.
        Rate = "rate",
        /// The tenant's fuel over all of its calls is used up; it is replenished over time.
        Fuel = "fuel",
        /// The attachment is in quarantine because of its faults.
        Quarantine = "quarantine",
        /// The tenant's memory over all of its executors is used up.
        Memory = "memory",
        /// No executor was free.
        Busy = "busy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        assert_eq!(FaultCause::WORDS, ["fuel", "memory", "stack", "script", "answer", "load", "host", "deadline"]);
        assert_eq!(DenialCause::WORDS, ["rate", "fuel", "quarantine", "memory", "busy"]);
        for (cause, word) in FaultCause::ALL.into_iter().zip(FaultCause::WORDS) {
            assert_eq!(word.parse(), Ok(cause));
            assert_eq!(cause.to_string(), word);
        }
        for (cause, word) in DenialCause::ALL.into_iter().zip(DenialCause::WORDS) {
            assert_eq!(word.parse(), Ok(cause));
            assert_eq!(cause.to_string(), word);
        }
    }

    #[test]
    fn other_words_are_refused_with_the_list() {
        for word in ["", "Fuel", "fuel ", "any"] {
            assert!(word.parse::<FaultCause>().is_err(), "{word:?}");
        }
        assert_eq!(
            "slow".parse::<DenialCause>().expect_err("must be rejected").to_string(),
            r#""slow" is not a denial cause: expected "rate", "fuel", "quarantine", "memory" or "busy""#
        );
    }
}
