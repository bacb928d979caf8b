"""Charts as SVG text, made of numbers and words: pure functions that know nothing of queues.

Each gives one `<svg>` with a `title` and a `desc`, axes with units, and a value for every place that a pointer may be
over. Colours, strokes and type are classes of static/report/charts.css, so a chart follows the page's theme and prints;
nothing is told by colour alone. The same numbers stand in a table beside each chart: that is the page's business.
"""
