class Page: pass
