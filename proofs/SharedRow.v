(** The shared row (chapter 8): all signals are large, and yet every run loses the signal. *)
Require Import Base Euclid Algorithm1.

(** Feature 0, the signal's, is [e_0]; each of the [m] nulls is [e_j + b e_0]. *)
Definition shared_row_design (R : realFieldType) m (b : R) : 'M[R]_(m.+1) :=
  \matrix_(i, j) if i == j then 1 else if i == 0 then b else 0.

Section SharedRow.
Variables (R : realFieldType) (m : nat) (b gamma eta : R) (x : 'cV[R]_(m.+1)).
Implicit Types (A : {set 'I_(m.+1)}) (u w v : 'cV[R]_(m.+1)).
Let Phi := shared_row_design m b.
Let s : 'cV[R]_(m.+1) := gamma *: delta_mx 0 0.
Let low := - (1 - eta).
Let high := 1 + eta.
Let H := [set j | x j 0 == high].

Lemma row_0 u : (Phi *m u) 0 0 = u 0 0 + b * \sum_(j | j != 0) u j 0.
Proof.
rewrite mxE (bigD1 0) //= mxE eqxx mul1r mulr_sumr; congr (_ + _).
by apply: eq_bigr => j /negbTE j0; rewrite mxE eq_sym j0.
Qed.

Lemma row_j u j : j != 0 -> (Phi *m u) j 0 = u j 0.
Proof.
move=> /negbTE j0; rewrite mxE (bigD1 j) //= mxE eqxx mul1r big1 ?addr0 // => i /negbTE ij.
by rewrite mxE eq_sym ij j0 mul0r.
Qed.

Lemma column_0 u : (Phi^T *m u) 0 0 = u 0 0.
Proof.
rewrite mxE (bigD1 0) //= !mxE eqxx mul1r big1 ?addr0 // => i /negbTE i0.
by rewrite !mxE i0 mul0r.
Qed.

Lemma column_j u j : j != 0 -> (Phi^T *m u) j 0 = u j 0 + b * u 0 0.
Proof.
move=> j0; rewrite mxE (bigD1 j) //= (bigD1 0) ?[0 == j]eq_sym //= !mxE !eqxx.
rewrite mul1r [0 == j]eq_sym (negbTE j0) big1 ?addr0 // => i /andP [/negbTE ij /negbTE i0].
by rewrite !mxE ij i0 mul0r.
Qed.

Hypothesis quiet : x 0 0 = 0.

(** While the signal is active, every active null fits its own row, and the signal the rest. *)
Lemma fit A w : 0 \in A -> trained Phi (Phi *m s + x) A w ->
  (forall j, j \in A -> j != 0 -> w j 0 = x j 0) /\ w 0 0 = gamma - b * \sum_(j in A) x j 0.
Proof.
move=> A0; have sA j : j \notin A -> s j 0 = 0.
  by move=> jA; rewrite !mxE (_ : (j == 0) = false) ?mulr0 //; apply: contraNF jA => /eqP ->.
have s0 j : j != 0 -> s j 0 = 0 by move=> /negbTE j0; rewrite !mxE j0 mulr0.
move=> /(trained_noise Phi x w sA) [off on]; set u := w - s in off on.
have uE j : u j 0 = w j 0 - s j 0 by rewrite !mxE.
have e0 : (Phi *m u - x) 0 0 = 0 by rewrite -column_0 on.
have r0 : (Phi *m u) 0 0 = 0.
  by move: e0; rewrite [LHS]mxE [X in _ + X]mxE quiet subr0.
have nulls j : j \in A -> j != 0 -> u j 0 = x j 0.
  move=> jA j0; have := on j jA; rewrite column_j // e0 mulr0 addr0.
  by rewrite [LHS]mxE [X in _ + X]mxE row_j // => /eqP; rewrite subr_eq0 => /eqP.
split=> [j jA j0 | ]; first by rewrite -nulls // uE s0 // subr0.
have -> : \sum_(j in A) x j 0 = \sum_(j | j != 0) u j 0.
  rewrite big_mkcond [RHS]big_mkcond; apply: eq_bigr => j _.
  have [-> | j0] := eqVneq j 0; first by rewrite A0 quiet.
  by case: (boolP (j \in A)) => [jA | /off //]; rewrite nulls.
have -> : w 0 0 = u 0 0 + gamma by rewrite uE !mxE eqxx mulr1 subrK.
by move/eqP: r0; rewrite row_0 addr_eq0 => /eqP ->; rewrite addrC.
Qed.

Hypothesis eta01 : 0 < eta < 1.
Hypothesis b02 : 0 < b < 2%:R.
Hypothesis two_values : forall j, j != 0 -> x j 0 = low \/ x j 0 = high.
Hypothesis a_high_null : H != set0.
Hypothesis first : forall w, trained Phi (Phi *m s + x) setT w -> low < w 0 0.
Hypothesis last : gamma - b * high * #|H|%:R < high.

Let eta0 : 0 < eta. Proof. by case/andP: eta01. Qed.
Let eta1 : 0 < 1 - eta. Proof. by rewrite subr_gt0; case/andP: eta01. Qed.
Let high0 : 0 < high. Proof. by rewrite addr_gt0 ?ltr01. Qed.
Let low_high : `|low| < `|high|.
Proof.
by rewrite normrN !gtr0_norm // ltrD2l (lt_trans _ eta0) // oppr_lt0.
Qed.

Lemma not_high j : x j 0 = low -> j \notin H.
Proof. by rewrite inE => ->; apply: contraTneq low_high => ->; rewrite ltxx. Qed.

(** While the signal is active, only low nulls have gone, and the signal is above [low]. *)
Lemma invariant q A w : run Phi (Phi *m s + x) q A w -> 0 \in A -> H \subset A /\ low < w 0 0.
Proof.
elim=> [{}w tw _ | {}q {}A {}w j v r IH [jA jmin] tv]; first by rewrite subsetT; auto.
rewrite in_setD1 => /andP [j0 A0]; rewrite eq_sym in j0.
have [HA w0] := IH A0; have [nulls signal] := fit A0 (run_trained r).
have A0' : 0 \in A :\ j by rewrite in_setD1 eq_sym j0.
have [_ ->] := fit A0' tv; have wj := jmin 0 A0; rewrite nulls // in wj.
have step : gamma - b * (\sum_(i in A :\ j) x i 0) = w 0 0 + b * x j 0.
  by rewrite signal (big_setD1 j jA) /=; ring.
pose is_low i := (i != 0) && (x i 0 == low).
have [[l lA /andP [l0 /eqP xl]] | none] := altP (@exists_inP _ (mem A) is_low).
  have xj : x j 0 = low.
    have [//|xj] := two_values j0; have := jmin l lA; rewrite !nulls // xj xl.
    by rewrite leNgt low_high.
  split; first by rewrite subsetD1 HA not_high.
  have big : 1 - eta <= w 0 0.
    move: wj; rewrite xj normrN gtr0_norm // ler_normr => /orP [//|].
    move=> h; move: w0; rewrite ltNge => /negP []; rewrite -subr_ge0.
    by rewrite (_ : low - w 0 0 = - w 0 0 - (1 - eta)) ?subr_ge0 // /low addrC.
  rewrite step xj; apply: lt_le_trans (_ : (1 - eta) + b * low <= _); last by rewrite lerD2r.
  rewrite -subr_gt0 (_ : _ - _ = (1 - eta) * (2%:R - b)); last by rewrite /low; ring.
  by rewrite mulr_gt0 // subr_gt0; case/andP: b02.
have only_high i : i \in A -> i != 0 -> x i 0 = high.
  move=> iA i0; have [xi|//] := two_values i0.
  by move: none; rewrite negb_exists_in => /forall_inP /(_ i iA); rewrite /is_low i0 xi eqxx.
have sum : \sum_(i in A) x i 0 = high * #|H|%:R.
  rewrite mulr_natr -sumr_const [LHS]big_mkcond [RHS]big_mkcond; apply: eq_bigr => i _.
  have [-> | i0] := eqVneq i 0; first by rewrite A0 inE quiet lt_eqF.
  case: (boolP (i \in A)) => [iA | iA]; first by rewrite inE only_high // eqxx.
  by rewrite (negbTE (contra (subsetP HA i) iA)).
move: wj; rewrite only_high // (gtr0_norm high0) leNgt ltr_norml.
have -> : w 0 0 < high by rewrite signal sum mulrA.
rewrite (lt_trans _ w0) // -subr_gt0 (_ : low - - high = eta + eta) ?addr_gt0 //.
by rewrite /low /high; ring.
Qed.
End SharedRow.

(** On the event that the proposition names, every run with [q = m] loses the signal [gamma]: a
    null is high, the signal is above the weight of the low nulls in the first fit, and once only
    high nulls are left it is below theirs. *)
Theorem shared_row (R : realFieldType) m (b gamma eta : R)
    (x : 'cV[R]_(m.+1)) A v :
  let Phi := shared_row_design m b in
  let y := Phi *m (gamma *: delta_mx 0 0) + x in
  let high := [set j | x j 0 == 1 + eta] in
  0 < eta < 1 -> 0 < b < 2%:R ->
  x 0 0 = 0 -> (forall j, j != 0 -> x j 0 = - (1 - eta) \/ x j 0 = 1 + eta) ->
  high != set0 -> (forall w, trained Phi y setT w -> - (1 - eta) < w 0 0) ->
  gamma - b * (1 + eta) * #|high|%:R < 1 + eta ->
  run Phi y m A v -> 0 \notin A /\ v 0 0 = 0.
Proof.
move=> Phi y high eta01 b02 quiet two some first last r.
suff A0 : 0 \notin A by split=> //; have [off _] := run_trained r; apply: off.
apply/negP => A0; have [HA _] := invariant quiet eta01 b02 two first last r A0.
have [l lH] := set0Pn _ some.
have A1 : #|A| = 1%N by apply/eqP; rewrite -(eqn_add2r m) add1n (run_card r).
have l0 : l != 0.
  apply: contraTneq lH => ->; rewrite inE quiet eq_sym gt_eqF // addr_gt0 ?ltr01 //.
  by case/andP: eta01.
have : [set 0; l] \subset A by rewrite subUset !sub1set A0 (subsetP HA).
by move/subset_leq_card; rewrite cards2 eq_sym l0 A1.
Qed.
