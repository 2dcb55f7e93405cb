//! A script as a list of pieces, which can be made by chance and changed a little.

use std::fmt::Write;

use fastrand::Rng;

use crate::blocks;

/// Most pieces of a script.
const MOST: usize = 6;
/// Most bytes of comments, as a power of two.
const COMMENTS: u32 = 19;

/// One piece, where it stands, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gene {
    /// In [`blocks::ALL`].
    block: usize,
    /// Run once when the script is loaded, or in each call.
    at_load: bool,
    /// The exponent of its size.
    size: u32,
}

/// A script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genome {
    genes: Vec<Gene>,
    /// The exponent of how many bytes of comments it has; none where it is 0.
    comments: u32,
}

impl Gene {
    fn random(rng: &mut Rng) -> Gene {
        let block = rng.usize(..blocks::ALL.len());
        let most = blocks::ALL[block].most;
        // Large ones more often than not: what is dear at all is dear there.
        let size = if rng.bool() { most - rng.u32(0..=most.min(3)) } else { rng.u32(0..=most) };
        Gene { block, at_load: rng.bool(), size }
    }
}

impl Genome {
    /// One by chance.
    pub fn random(rng: &mut Rng) -> Genome {
        let genes = (0..rng.usize(1..=3)).map(|_| Gene::random(rng)).collect();
        let comments = if rng.u8(..) < 25 { rng.u32(1..=COMMENTS) } else { 0 };
        Genome { genes, comments }
    }

    /// One piece by itself, as large as it is tried, at load or in the call: where every search begins.
    pub fn single(block: usize, at_load: bool) -> Genome {
        Genome { genes: vec![Gene { block, at_load, size: blocks::ALL[block].most }], comments: 0 }
    }

    /// Something like it.
    #[must_use]
    pub fn changed(&self, rng: &mut Rng) -> Genome {
        let mut changed = self.clone();
        let at = rng.usize(..changed.genes.len());
        match rng.u32(0..8) {
            0 if changed.genes.len() < MOST => changed.genes.insert(at, Gene::random(rng)),
            1 if changed.genes.len() > 1 => drop(changed.genes.remove(at)),
            2 => changed.genes[at] = Gene::random(rng),
            3 => changed.genes[at].at_load ^= true,
            4 => {
                let other = rng.usize(..changed.genes.len());
                changed.genes.swap(at, other);
            }
            5 => changed.comments = if changed.comments == 0 { rng.u32(1..=COMMENTS) } else { 0 },
            _ => {
                let gene = &mut changed.genes[at];
                let most = blocks::ALL[gene.block].most;
                gene.size = if rng.bool() { gene.size.saturating_sub(1) } else { (gene.size + 1).min(most) };
            }
        }
        changed
    }

    /// What it is made of, in a line.
    pub fn name(&self) -> String {
        let mut name = String::new();
        for gene in &self.genes {
            let place = if gene.at_load { "load: " } else { "" };
            // Writing to a string does not fail.
            let _ = write!(name, "{place}{} 2^{}; ", blocks::ALL[gene.block].name, gene.size);
        }
        if self.comments > 0 {
            let _ = write!(name, "comments 2^{}", self.comments);
        }
        name
    }

    /// The script, for a handler `search(n, s)`; comments are shortened where it is to be read.
    pub fn source(&self, for_reading: bool) -> String {
        let text = |gene: &Gene| {
            let text = blocks::ALL[gene.block].text.replace('N', &(1_u64 << gene.size).to_string());
            format!("do {text} end")
        };
        let joined = |at_load: bool, indent: &str| {
            let genes = self.genes.iter().filter(|gene| gene.at_load == at_load);
            genes.fold(String::new(), |all, gene| format!("{all}{indent}{}\n", text(gene)))
        };
        let comments = match (self.comments, for_reading) {
            (0, _) => String::new(),
            (exponent, true) => format!("-- 2^{exponent} bytes of comments\n"),
            (exponent, false) => "-- filler\n".repeat((1 << exponent) / 10),
        };
        format!(
            "S, T, P, A = {{}}, {{ 1 }}, {{ 1 }}, ''\n{comments}{}function search(n, s)\n{}    return {{ text = A }}\nend\n",
            joined(true, ""),
            joined(false, "    ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_reached_and_the_same_seed_makes_the_same_scripts() {
        let make = || {
            let mut rng = Rng::with_seed(7);
            let mut genome = Genome::random(&mut rng);
            let mut seen = Vec::new();
            for _ in 0..5000 {
                genome = genome.changed(&mut rng);
                assert!((1..=MOST).contains(&genome.genes.len()) && genome.comments <= COMMENTS);
                assert!(genome.genes.iter().all(|gene| gene.size <= blocks::ALL[gene.block].most));
                seen.extend(genome.genes.iter().map(|gene| gene.block));
            }
            (genome.source(true), seen)
        };
        let (source, seen) = make();
        assert!((0..blocks::ALL.len()).all(|block| seen.contains(&block)));
        assert_eq!(make().0, source);
    }
}
