//! Sets of places in a list that belong together.

/// Disjoint sets, joined two by two.
pub(super) struct Sets {
    /// Another of the same set; itself for the head.
    next: Vec<usize>,
    has_joined: bool,
}

impl Sets {
    /// Every place alone.
    pub(super) fn new(places: usize) -> Self {
        Self { next: (0..places).collect(), has_joined: false }
    }

    /// Makes one set of the sets of both; its head is the lowest place.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.head(a), self.head(b));
        self.has_joined = true;
        if let Some(next) = self.next.get_mut(a.max(b)) {
            *next = a.min(b);
        }
    }

    /// The sets of two places and more, in the order of their heads; the places in each rise.
    pub(super) fn joined(&mut self) -> Vec<Vec<usize>> {
        if !self.has_joined {
            return Vec::new();
        }
        let mut sets = vec![Vec::new(); self.next.len()];
        for at in 0..sets.len() {
            let head = self.head(at);
            if let Some(set) = sets.get_mut(head) {
                set.push(at);
            }
        }
        sets.retain(|set| set.len() > 1);
        sets
    }

    fn head(&mut self, mut at: usize) -> usize {
        while let Some(next) = self.next.get(at).copied().filter(|next| *next != at) {
            // Led past the next, so that no way stays long.
            let after = self.next.get(next).copied().unwrap_or(next);
            if let Some(shorter) = self.next.get_mut(at) {
                *shorter = after;
            }
            at = after;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_is_one_set() {
        let mut sets = Sets::new(8);
        for (a, b) in [(7, 6), (6, 5), (5, 2), (1, 3)] {
            sets.join(a, b);
        }

        assert_eq!(sets.joined(), [vec![1, 3], vec![2, 5, 6, 7]]);
        assert!(Sets::new(8).joined().is_empty());
    }
}
