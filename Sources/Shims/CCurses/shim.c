#define _GNU_SOURCE
#include "CCurses.h"

// Defines macros with names as plain as `columns`, so it stays out of the header.
#include <term.h>
#include <stdio.h>
#include <unistd.h>

static bool cursor_is_visible;
static FILE *output_file;

CCurses_description CCurses_describe(const char *name) {
    int answer = 0;
    // Text for errors goes to nowhere as long as the last argument is not NULL.
    if (setupterm(name, STDOUT_FILENO, &answer) == OK) {
        del_curterm(cur_term);
        return CCurses_description_found;
    }
    if (answer == 1) return CCurses_description_generic;
    return answer == 0 ? CCurses_description_missing : CCurses_database_missing;
}

int CCurses_described_colours(const char *name) {
    int answer = 0;
    if (setupterm(name, STDOUT_FILENO, &answer) != OK) return 0;
    int colours = tigetnum("colors");
    del_curterm(cur_term);
    return colours > 0 ? colours : 0;
}

SCREEN *CCurses_open(const char *name, int output) {
    FILE *file = fdopen(output, "r+");
    if (file == NULL) return NULL;
    // Input is read and decoded elsewhere; curses never looks at its own.
    SCREEN *screen = newterm(name, file, file);
    if (screen == NULL) {
        fclose(file);
        return NULL;
    }
    output_file = file;
    set_term(screen);
    typeahead(-1);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    idlok(stdscr, TRUE);
    curs_set(0);
    cursor_is_visible = false;
    leaveok(stdscr, TRUE);
    return screen;
}

void CCurses_close(SCREEN *screen) {
    delscreen(screen);
    if (output_file != NULL) fclose(output_file);
    output_file = NULL;
}

const char *CCurses_capability(const char *name) {
    char *text = tigetstr(name);
    return text == (char *)-1 ? NULL : text;
}

int CCurses_width(wchar_t character) { return wcwidth(character); }

int CCurses_colour_count(void) { return has_colors() ? COLORS : 0; }
int CCurses_pair_count(void) { return has_colors() ? COLOR_PAIRS : 0; }

void CCurses_define_pair(int pair, int foreground, int background) {
    init_extended_pair(pair, foreground, background);
}

static attr_t attributes_from(int attributes) {
    attr_t result = A_NORMAL;
    if (attributes & CCurses_bold) result |= A_BOLD;
    if (attributes & CCurses_dim) result |= A_DIM;
    if (attributes & CCurses_underline) result |= A_UNDERLINE;
    if (attributes & CCurses_reverse) result |= A_REVERSE;
    if (attributes & CCurses_italic) result |= A_ITALIC;
    return result;
}

void CCurses_put(int y, int x, const wchar_t *text, int attributes, int pair) {
    cchar_t cell;
    // The pair's number goes through the last argument, because a short does not hold it.
    setcchar(&cell, text, attributes_from(attributes), 0, &pair);
    mvwadd_wch(stdscr, y, x, &cell);
}

void CCurses_set_background(int pair) {
    cchar_t cell;
    setcchar(&cell, L" ", A_NORMAL, 0, &pair);
    wbkgrndset(stdscr, &cell);
}

void CCurses_resize(int height, int width) { resizeterm(height, width); }

void CCurses_erase(bool clear) {
    werase(stdscr);
    if (clear) clearok(stdscr, TRUE);
}

void CCurses_refresh(int cursor_y, int cursor_x) {
    bool wanted = cursor_y >= 0 && cursor_x >= 0;
    leaveok(stdscr, !wanted);
    if (wanted) wmove(stdscr, cursor_y, cursor_x);
    wnoutrefresh(stdscr);
    doupdate();
    // After the update: the cursor is not seen jumping over the screen.
    if (wanted != cursor_is_visible) curs_set(wanted ? 1 : 0);
    cursor_is_visible = wanted;
}

void CCurses_leave(void) {
    endwin();
}
