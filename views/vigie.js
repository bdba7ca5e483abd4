/* Optional. Once a minute, while the page is looked at, asks status.json whether something is new, and says when nobody
   has renewed the page in time, and then puts it into the past tense. Clocks of readers may be wrong: the server's Date
   header counts. */
(function (d) {
  function g(i) { return d.getElementById(i) }
  function v(e, a) { return e.getAttribute('data-' + a) }
  var n = g('now'), l = g('lead'), h = d.documentElement, c = Date.now, p = Date.parse, by, off = 0
  if (!n) return
  by = +v(n, 'by')
  function ask() {
    if (d.hidden) return
    var x = new XMLHttpRequest()
    x.open('GET', v(n, 'from'))
    x.onloadend = function () {
      var w = g('news'), e = d.querySelectorAll('[data-was]'), i = e.length, s, t, m
      try {
        s = JSON.parse(x.responseText)
        t = s.sentence[h.lang]
        off = c() - (p(x.getResponseHeader('Date')) || c())
        by = p(s.next_by) || by
        if (t != v(n, 'says')) {
          w.textContent = v(w, 'text')
          if (l) {
            l.textContent = t
            g('rest').textContent = ''
            n.className = 'now is-' + s.status
            g('face').href.baseVal = '#i-' + s.status
          }
        }
      } catch (_) {}
      t = c() - off
      if (t < by) return h.className && location.reload()
      h.className = 'old'
      g('stale').hidden = 0
      m = (t - v(n, 'at')) / 6e4 | 0
      m = m < 99 ? m + ' min' : m < 3e3 ? (m / 60 | 0) + ' h' : (m / 1440 | 0) + v(n, 'days')
      while (i--) e[i].textContent = v(e[i], 'was').replace('#', m)
    }
    x.send()
  }
  if (!l || c() > by) ask()
  setInterval(ask, 6e4)
})(document)
