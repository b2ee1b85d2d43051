//! Names that stand more than once.

/// So few names are compared one by one.
const FEW: usize = 8;

/// The places of names that stand before as well, each with the place of the first of that name.
///
/// There are `count` names, and `name` says which stands at a place. It takes linearithmic time.
pub(crate) fn repeats<'t>(count: usize, name: &dyn Fn(usize) -> &'t str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    if count <= FEW {
        for at in 1..count {
            let is_same = |first: &usize| name(*first) == name(at);
            out.extend((0..at).find(is_same).map(|first| (at, first)));
        }
        return out;
    }
    let mut sorted: Vec<(&str, usize)> = (0..count).map(|at| (name(at), at)).collect();
    sorted.sort_unstable();
    let mut first = None;
    for (name, at) in sorted {
        match first {
            Some((same, first)) if same == name => out.push((at, first)),
            _ => first = Some((name, at)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_repeat_is_found_among_few_and_many() {
        for length in [0, 1, 2, 7, 8, 9, 30] {
            let names: Vec<String> = (0..length).map(|at| (at * at % 11).to_string()).collect();
            let mut found = repeats(names.len(), &|at| &names[at]);
            found.sort_unstable();
            let first = |at: usize| names.iter().position(|name| *name == names[at]).unwrap();
            let expected = (0..length).map(|at| (at, first(at))).filter(|(at, first)| at != first);
            assert!(found.into_iter().eq(expected), "{length}");
        }
    }
}
