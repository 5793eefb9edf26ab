#ifndef CCURSES_H
#define CCURSES_H

// Defined here, not by pkg-config's -D flags: those warn on every build.
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#endif
