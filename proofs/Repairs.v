(** Deterministic cores of the repairs (chapter 11): the lemmas on weights,
    distance and freezing, and the corollary "any noise". *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Require Import Compat Euclid Algorithm1.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

Section Repairs.
Variables (R : realFieldType) (n p : nat) (Phi : 'M[R]_(n, p)) (s : 'cV[R]_p) (xi : 'cV[R]_n).
Let y := Phi *m s + xi.
Let S := support s.
Implicit Types (A : {set 'I_p}) (w : 'cV[R]_p).

(** c is positive and at most the square of the smallest singular value of Phi. *)
Variable c : R.
Hypothesis c0 : 0 < c.
Hypothesis singular_values : forall x, c * sqnorm x <= sqnorm (Phi *m x).

(** Lemma (weights): while only nulls have been pruned, training gives s + z with
    c |z|^2 <= |xi|^2. *)
Lemma weights A w : S \subset A -> trained Phi y A w -> c * sqnorm (w - s) <= sqnorm xi.
Proof.
move=> SA tw; apply: (le_trans (singular_values _)).
have off j : j \notin A -> (w - s) j 0 = 0.
  move=> jA; have [wA _] := tw; rewrite !mxE wA // sub0r; apply/eqP.
  by rewrite oppr_eq0; apply: contraNT jA => sj; apply: (subsetP SA); rewrite inE.
have -> : xi = - (Phi *m w - y) + Phi *m (w - s).
  rewrite mulmxBr /y; move: (Phi *m w) (Phi *m s) => a b.
  by apply/matrixP => i j; rewrite !mxE; move: (xi i j) (a i j) (b i j) => *; ring.
rewrite sqnormD dotC dotNr (residual tw off) oppr0 mulr0 addr0.
by rewrite lerDr sqnorm_ge0.
Qed.

(** Lemma (distance). *)
Lemma distance gamma w (i : 'I_p) (J : {set 'I_p}) : 0 <= gamma -> gamma <= `|s i 0| ->
  J != set0 -> (forall j, j \in J -> s j 0 = 0 /\ `|w i 0| <= `|w j 0|) ->
  gamma ^+ 2 * (#|J|%:R / (#|J|%:R + 1)) <= sqnorm (w - s).
Proof.
move=> g0 large J0 far; set m : R := #|J|%:R; set a := `|w i 0 - s i 0|.
have m0 : 0 < m by rewrite ltr0n card_gt0.
have m1 : 0 < m + 1 by rewrite addr_gt0 ?ltr01.
have [ga | ag] := leP gamma a.
  have one : sqnorm (w - s) >= a ^+ 2.
    have <- : (w - s) i 0 ^+ 2 = a ^+ 2 by rewrite !mxE /a real_normK ?num_real.
    exact: sqr_le_sqnorm.
  apply: le_trans one; apply: (@le_trans _ _ (gamma ^+ 2)).
    by rewrite ler_piMr ?sqr_ge0 // ler_pdivrMr // mul1r lerDl ler01.
  by rewrite ler_sqr ?nnegrE // normr_ge0.
have wi : gamma - a <= `|w i 0|.
  rewrite lerBlDr; apply: (le_trans large).
  by rewrite /a distrC -[X in `|X|](subrK (w i 0)) addrC ler_normD.
have iJ : i \notin J.
  apply/negP => /far [si _]; move: large ag; rewrite /a si normr0 subr0.
  move=> g1; have -> : gamma = 0 by apply/eqP; rewrite eq_le g1.
  by rewrite ltNge normr_ge0.
have : a ^+ 2 + m * (gamma - a) ^+ 2 <= sqnorm (w - s).
  rewrite /sqnorm /dot (bigD1 i) //= -expr2 !mxE /a real_normK ?num_real // lerD2l.
  rewrite (bigID (mem J)) /=; apply: ler_wpDr.
    by apply: sumr_ge0 => j _; rewrite -expr2 sqr_ge0.
  rewrite (eq_bigl (mem J)); last first.
    by move=> j; apply: andb_idl => jJ; apply: contraNneq iJ => <-.
  rewrite mulr_natl -sumr_const; apply: ler_sum => j jJ.
  have [sj wj] := far j jJ; rewrite -expr2 !mxE sj subr0 -[w j 0 ^+ 2]real_normK ?num_real //.
  by rewrite ler_sqr ?nnegrE ?subr_ge0 ?(ltW ag) //; apply: le_trans wj.
apply: le_trans; rewrite -subr_ge0.
have -> : a ^+ 2 + m * (gamma - a) ^+ 2 - gamma ^+ 2 * (m / (m + 1))
    = ((m + 1) * a - m * gamma) ^+ 2 / (m + 1) by field; rewrite lt0r_neq0.
by rewrite divr_ge0 ?sqr_ge0 // ltW.
Qed.

(** Corollary (any noise), with freezing as the induction: if all signals are at
    least gamma and |xi|^2 < c gamma^2 / 2, then only nulls are pruned. *)
Variable gamma : R.
Hypothesis gamma0 : 0 <= gamma.
Hypothesis large_signals : forall i, i \in S -> gamma <= `|s i 0|.
Hypothesis noise : sqnorm xi < c * (gamma ^+ 2 / 2%:R).

Lemma only_nulls q A v : (q <= p - #|S|)%N -> run Phi y q A v ->
  S \subset A /\ sqnorm (v - s) < gamma ^+ 2 / 2%:R.
Proof.
move=> qk r; have near (B : {set 'I_p}) w :
  S \subset B -> trained Phi y B w -> sqnorm (w - s) < gamma ^+ 2 / 2%:R.
  move=> SB tw; rewrite -(ltr_pM2l _ _ c0); exact: le_lt_trans (weights SB tw) noise.
suff SA : S \subset A by split=> //; exact: near (run_trained r).
elim: r qk => [w _ _ | k B w j u rB IH [jB jmin] _ qk]; first exact: subsetT.
have SB := IH (ltnW qk); rewrite subsetD1 SB /=; apply/negP => jS.
have [l lB lS] := null_left rB qk.
have := near _ _ SB (run_trained rB); rewrite ltNge => /negP; apply.
have := @distance gamma w j [set l] gamma0 (large_signals jS).
rewrite cards1 -[1 + 1]/(2%:R) mul1r; apply; first by apply/set0Pn; exists l; rewrite inE.
move=> i; rewrite inE => /eqP ->; split; last exact: jmin.
by move: lS; rewrite inE negbK => /eqP.
Qed.
End Repairs.

(** If the least singular value of [Phi] is at least the root of [c], every signal is at least
    [gamma], and the noise, whatever it is, is small enough, then every run prunes only nulls. *)
Theorem any_noise (R : realFieldType) n p (Phi : 'M[R]_(n, p)) s xi (c gamma : R) q A v :
  0 < c -> (forall x, c * sqnorm x <= sqnorm (Phi *m x)) ->
  0 <= gamma -> (forall i, i \in support s -> gamma <= `|s i 0|) ->
  sqnorm xi < c * (gamma ^+ 2 / 2%:R) ->
  (q <= p - #|support s|)%N -> run Phi (Phi *m s + xi) q A v ->
  support s \subset A /\ sqnorm (v - s) < gamma ^+ 2 / 2%:R.
Proof. by move=> c0 sing g0 large noise qk; apply: only_nulls noise _ _ _ qk. Qed.
