//! Why a call gave no answer: the script's fault, or the policy's denial.

use crate::word::words;

words! {
    /// What went wrong inside a call. The set is closed: every failure of a script has exactly one of these causes.
    pub enum FaultCause is "fault cause" {
        /// The call used up its fuel.
        Fuel = "fuel",
        /// The sandbox asked for more memory than its budget.
        Memory = "memory",
        /// The script nested calls deeper than the sandbox's stack.
        Stack = "stack",
        /// The script raised an error.
        Script = "script",
        /// The script answered something that the hook point doesn't allow, or more of it than the budget.
        Answer = "answer",
        /// The program could not be loaded, or its image could not be restored.
        Load = "load",
        /// The runtime itself failed; not to be blamed on the script.
        Host = "host",
        /// The call took longer by the clock than its policy's deadline.
        Deadline = "deadline",
    }
}

words! {
    /// Why a call was refused before it began.
    pub enum DenialCause is "denial cause" {
        /// More calls than the attachment's rate allows.
        Rate = "rate",
        /// The tenant's fuel over all of its calls is used up; it earns more as time goes on.
        Fuel = "fuel",
        /// The attachment is in quarantine after its faults.
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
            "slow".parse::<DenialCause>().expect_err("must be refused").to_string(),
            r#""slow" is not a denial cause: expected "rate", "fuel", "quarantine", "memory" or "busy""#
        );
    }
}
