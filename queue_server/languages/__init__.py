"""The one room for languages: what Antrean says in each, and how each writes dates, times and figures.

    texts/<page>/<language>.po   what a page says; texts/house/ what every page says (refusals, waits…),
                                 texts/slip/ what slips say, texts/usual/ what a mall is given that names nothing itself
    catalogues.py                reads them: the door to Babel's reader of catalogues
    locales.py                   dates, times, direction: the door to Babel's tables
    tables.py                    all of a language that a page needs in the browser

A new language is a file `<language>.po` in each of these folders, and a font where its script needs one
(`web/static/fonts/fonts.css`; for slips a font of the system). Nothing in Python knows a language by name but English,
the source: what a language lacks is said in English. (Only how numbers are said aloud is grammar: speech/wording.) The
header `Language` of its `house` catalogue names the locale whose calendar it uses.
"""
