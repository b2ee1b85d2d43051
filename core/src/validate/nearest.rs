//! The name that was probably meant.

/// The candidate nearest to `name`, if it is near enough to be what was meant: the same but for
/// letter case, or at most a third of its letters changed.
pub(crate) fn nearest<'c>(name: &str, candidates: &mut dyn Iterator<Item = &'c str>) -> Option<&'c str> {
    let most = (name.len() / 3).clamp(1, 4);
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates {
        let most = best.map_or(most, |(distance, _)| distance.saturating_sub(1));
        if let Some(distance) = distance(name, candidate, most) {
            if distance == 0 {
                return Some(candidate);
            }
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out, changed or swapped with their neighbour to make one
/// text of the other, regardless of ASCII case; `None` if it is more than `most`.
pub(crate) fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    // Three rows of the usual table: two above, one above, and the current one.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(above.len());
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let same = x.eq_ignore_ascii_case(y);
            let mut least = at(&above, j) + usize::from(!same);
            least = least.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0
                && j > 0
                && a.get(i - 1).is_some_and(|p| p.eq_ignore_ascii_case(y))
                && b.get(j - 1).is_some_and(|p| p.eq_ignore_ascii_case(x));
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        if row.iter().all(|&d| d > most) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|&d| d <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits_and_swaps() {
        assert_eq!(distance("Condition", "Conditions", 2), Some(1));
        assert_eq!(distance("Effekt", "Effect", 2), Some(1));
        assert_eq!(distance("Effcet", "Effect", 2), Some(1));
        assert_eq!(distance("Principle", "Principal", 2), Some(2));
        assert_eq!(distance("effect", "Effect", 0), Some(0));
        assert_eq!(distance("Comment", "Condition", 2), None);
        assert_eq!(distance("", "ab", 2), Some(2));
    }

    #[test]
    fn the_nearest_name_is_suggested_if_it_is_near() {
        let names = ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"];
        let find = |name| nearest(name, &mut names.iter().copied());
        assert_eq!(find("s3:GetObjects"), Some("s3:GetObject"));
        assert_eq!(find("S3:putobject"), Some("s3:PutObject"));
        assert_eq!(find("s3:Fetch"), None);
    }
}
