/* Optional. Once a minute, while the page is looked at, asks status.json whether something is new, and says when nobody
   has renewed the page in time, and then puts it into the past tense. Clocks of readers may be wrong: the server's Date
   header counts. */
(function (d) {
  var g = function (i) { return d.getElementById(i) }
  var n = g('now'), l = g('lead'), h = d.documentElement, k = 'data-', by, off = 0
  if (!n) return
  by = +n.getAttribute(k + 'by')
  function tell(e, a) { e.textContent = e.getAttribute(k + a) }
  function old() {
    var e = d.querySelectorAll('[data-was]'), i = e.length
    if (Date.now() - off < by) return h.className && location.reload()
    h.className = 'old'
    g('stale').hidden = false
    while (i--) tell(e[i], 'was')
  }
  function ask() {
    if (d.hidden) return
    var x = new XMLHttpRequest()
    x.open('GET', n.getAttribute(k + 'from'))
    x.onload = function () {
      try {
        var s = JSON.parse(x.responseText), t = s.sentence[h.lang], z = Date.parse(s.next_by)
        off = Date.now() - (Date.parse(x.getResponseHeader('Date')) || Date.now())
        if (z) by = z
        if (t != n.getAttribute(k + 'says')) {
          tell(g('news'), 'text')
          if (l) {
            l.textContent = t
            g('rest').textContent = ''
            n.className = 'now is-' + s.status
            g('face').href.baseVal = '#i-' + s.status
          }
        }
      } catch (e) {}
      old()
    }
    x.onerror = old
    x.send()
  }
  if (!l || Date.now() > by) ask()
  setInterval(ask, 6e4)
})(document)
