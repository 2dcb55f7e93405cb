//! Families of samples as text.

use std::fmt::{Display, Write as _};

/// The text so far. Each family begins with its name and type.
#[derive(Default)]
pub(super) struct Families(String);

/// One family, whose samples follow each other.
pub(super) struct Family<'a> {
    text: &'a mut String,
    name: &'static str,
}

/// A label with its value; several are joined by commas.
pub(super) fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("{name}=\"{value}\"")
}

impl Families {
    pub fn gauge(&mut self, name: &'static str, help: &str) -> Family<'_> {
        self.family(name, "gauge", help)
    }

    /// A counter, whose name ends in `_total`.
    pub fn counter(&mut self, name: &'static str, help: &str) -> Family<'_> {
        debug_assert!(name.ends_with("_total"), "{name}");
        self.family(name, "counter", help)
    }

    pub fn histogram(&mut self, name: &'static str, help: &str) -> Family<'_> {
        self.family(name, "histogram", help)
    }

    pub fn text(self) -> String {
        self.0
    }

    fn family(&mut self, name: &'static str, kind: &str, help: &str) -> Family<'_> {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        Family { text: &mut self.0, name }
    }
}

impl Family<'_> {
    /// A sample with these labels, or with none.
    pub fn sample(&mut self, labels: &str, value: impl Display) {
        self.named("", labels, value);
    }

    /// A histogram's samples: the number of values up to each bound, then their total number and sum. `scale` converts
    /// values to the family's unit.
    pub fn distribution(&mut self, labels: &str, up_to: &[(u64, u64)], count: u64, total: u64, scale: f64) {
        for (bound, count) in up_to {
            let bound = *bound as f64 / scale;
            self.named("_bucket", &format!("{labels},le=\"{bound}\""), count);
        }
        self.named("_bucket", &format!("{labels},le=\"+Inf\""), count);
        self.named("_sum", labels, total as f64 / scale);
        self.named("_count", labels, count);
    }

    fn named(&mut self, suffix: &str, labels: &str, value: impl Display) {
        let _ = match labels {
            "" => writeln!(self.text, "{}{suffix} {value}", self.name),
            labels => writeln!(self.text, "{}{suffix}{{{labels}}} {value}", self.name),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_says_what_it_is_and_then_what_there_is() {
        let mut families = Families::default();
        families.counter("x_total", "How many.").sample(&label("a", "\\\"\n"), 3);
        families.histogram("y", "How long.").distribution("b=\"c\"", &[(255, 1)], 2, 500, 1e3);
        let text = "# HELP x_total How many.\n# TYPE x_total counter\nx_total{a=\"\\\\\\\"\\n\"} 3\n\
                    # HELP y How long.\n# TYPE y histogram\ny_bucket{b=\"c\",le=\"0.255\"} 1\n\
                    y_bucket{b=\"c\",le=\"+Inf\"} 2\ny_sum{b=\"c\"} 0.5\ny_count{b=\"c\"} 2\n";
        assert_eq!(families.text(), text);
    }
}
