//! The picture of `docs/scale.md`: one panel per number of locations, both axes logarithmic.

use std::fmt::Write;

pub(crate) struct Panel {
    pub(crate) title: String,
    pub(crate) lines: Vec<Line>,
}

pub(crate) struct Line {
    pub(crate) name: &'static str,
    /// Look-ups a second, authentications a minute.
    pub(crate) points: Vec<(f64, f64)>,
}

pub(crate) fn draw(panels: &[Panel]) -> String {
    let width = LEFT + panels.len() as f64 * (PANEL + GAP);
    let height = TOP + HEIGHT + BELOW;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"Authentications a minute over look-ups a second\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"14\" y=\"{}\" transform=\"rotate(-90 14 {})\" text-anchor=\"middle\" fill=\"{INK}\">hub authentications a minute</text>\n",
        TOP + HEIGHT / 2.0,
        TOP + HEIGHT / 2.0
    );
    for (at, panel) in panels.iter().enumerate() {
        let left = LEFT + at as f64 * (PANEL + GAP);
        draw_panel(&mut svg, panel, left, at == 0);
    }
    for (at, line) in panels[0].lines.iter().enumerate() {
        let (x, y) = (LEFT + at as f64 * 190.0, height - 12.0);
        let (colour, dashes) = STYLES[at];
        writeln!(
            svg,
            "<line x1=\"{x}\" x2=\"{}\" y1=\"{}\" y2=\"{}\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-dasharray=\"{dashes}\"/>",
            x + 26.0,
            y - 4.0,
            y - 4.0
        )
        .unwrap();
        writeln!(svg, "<text x=\"{}\" y=\"{y}\" fill=\"{INK}\">{}</text>", x + 32.0, line.name)
            .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_panel(svg: &mut String, panel: &Panel, left: f64, has_scale: bool) {
    let x = |rate: f64| left + PANEL * rate.log10() / X_DECADES;
    let y = |count: f64| TOP + HEIGHT * (1.0 - (count.log10() - Y_FROM) / (Y_TO - Y_FROM));
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"600\" fill=\"{INK}\">{}</text>",
        left + PANEL / 2.0,
        TOP - 10.0,
        panel.title
    )
    .unwrap();
    for power in Y_FROM as i32..=Y_TO as i32 {
        let count = 10_f64.powi(power);
        writeln!(
            svg,
            "<line x1=\"{left}\" x2=\"{}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"{GRID}\"/>",
            left + PANEL,
            y(count),
            y(count)
        )
        .unwrap();
        if has_scale {
            writeln!(
                svg,
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{INK}\">{}</text>",
                left - 6.0,
                y(count) + 4.0,
                label(count)
            )
            .unwrap();
        }
    }
    for power in 0..=X_DECADES as i32 {
        let rate = 10_f64.powi(power);
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"{INK}\">{}</text>",
            x(rate),
            TOP + HEIGHT + 16.0,
            label(rate)
        )
        .unwrap();
    }
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"{INK}\">look-ups/s</text>",
        left + PANEL / 2.0,
        TOP + HEIGHT + 34.0
    )
    .unwrap();
    for (line, (colour, dashes)) in panel.lines.iter().zip(STYLES) {
        let points: Vec<_> = line
            .points
            .iter()
            .map(|(rate, count)| format!("{:.1},{:.1}", x(*rate), y(*count)))
            .collect();
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-dasharray=\"{dashes}\"/>",
            points.join(" ")
        )
        .unwrap();
    }
}

fn label(number: f64) -> String {
    if number >= 1_000.0 { format!("{}k", number / 1_000.0) } else { format!("{number}") }
}

/// Told apart without colour, too. In the order of the lines.
const STYLES: [(&str, &str); 4] =
    [("#b3261e", "2 4"), ("#b26a00", "9 4"), ("#0b57d0", ""), ("#5f6368", "1 3")];
const INK: &str = "#202124";
const GRID: &str = "#e3e5e8";

const LEFT: f64 = 64.0;
const TOP: f64 = 36.0;
const PANEL: f64 = 190.0;
const HEIGHT: f64 = 200.0;
const GAP: f64 = 22.0;
const BELOW: f64 = 72.0;
/// From 1 to 10,000 look-ups/s.
const X_DECADES: f64 = 4.0;
/// Powers of ten.
const Y_FROM: f64 = -1.0;
const Y_TO: f64 = 3.0;
